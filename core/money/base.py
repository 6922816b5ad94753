"""What all money modules share: the keys, the calendar, the lines of the ledger.

All keys live in one slot, so that every hold, settle and release is one script call: atomic over all
accounts, on one server and on a cluster alike. One slot is no bottleneck that could be spread: every
request counts against everybody's cap, so that number serialises them anyway.

A day is a calendar day of TIMEZONE as the caller's clock sees it. What was booked and held on a day stays
with that day, so a clock that is set back finds the day as it was left: its used room stays used, and only
what was never used is there. A clock that runs ahead for a while uses the room of later days, nothing else.
"""

import secrets
import struct
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from core.dollars import MAX_CAP_NANOS
from core.settings import Settings
from core.store import Store

ROOT = "{money}"
# Keys without a TTL. Accounts (`a:ID`) hold the totals, one small hash for each purse and chat; `rows:DAY` is
# deleted when the first entry of that day is trimmed, so that LEDGER_DAYS, also when it changes, is kept to.
PERMANENT = tuple(
    f"{ROOT}:{name}"
    for name in ("names", "alone", "open", "caps", "trail", "ledger", "trimmed", "a:*", "rows:*")
)
# Keys with one: q:REQUEST (from its end on; before it is in `open`), once:ID (given), link:CODE, tries:NAME,
# forgotten.

MOST_BOOKED_NANOS = MAX_CAP_NANOS // 100  # what one request can be booked at; above it is booked, and alarmed
MOST_TOKENS = 10**12
CAP_OFF = -1  # a cap that is none, as the store and the scripts have it
NO_CAP = 2**53 - 1  # the room where there is no cap, as the scripts have it
# How many days, months, and months of models an account keeps, as the scripts have it.
KEEP_DAYS, KEEP_MONTHS, KEEP_MODELS = 35, 13, 2

# A row of a day, as the scripts have it: requests, prompt tokens, completion tokens, nanos.
ROW = struct.Struct(">4q")
_DAMAGED = (0, 0, 0, 0)
_PIECE = 1000  # rows that are asked for at once

_EPOCH = date(1970, 1, 1)


def key(*parts: str) -> str:
    """A key of the money slot."""
    return ":".join((ROOT, *parts))


async def rows_of(store: Store, day: int) -> AsyncIterator[tuple[list[str], tuple[int, ...]]]:
    """The rows of a day: person, chat, kind and model, and the numbers; zeros where a row is damaged, as the
    scripts take it: the audit tells of that. A large day comes in pieces, so that answers go on in between.
    Raises StoreError."""
    seen = set[bytes]()
    with store.guard():
        async for field, value in store.redis.hscan_iter(key("rows", str(day)), count=_PIECE):
            if field not in seen:  # it may come again where the hash grows in between
                seen.add(field)
                yield field.decode().split("|", 3), ROW.unpack(value) if len(value) == ROW.size else _DAMAGED


class LedgerLine(msgspec.Struct, frozen=True, array_like=True):
    """One line of the ledger. `purse` and `chat` ("" = none) are accounts, `day` is the one it is booked to.
    `booked` (nanos) changes totals, `credit` is the part of it that extra credit paid (negative: credit given),
    `held` was set aside (negative: given back). `event` is "hold", "settle", "release", "lease", "refund",
    "grant" (of no request), or, moving nothing, "dropped" (never fetched), "late", "unknown", "failed" (sent,
    and free)."""

    event: str
    request: str
    purse: str
    chat: str
    kind: str
    model: str
    day: int
    booked: int
    credit: int
    held: int
    prompt_tokens: int
    completion_tokens: int
    measured: str

    @classmethod
    def read(cls, entry: Mapping[bytes, bytes]) -> "LedgerLine":
        """From the stream, as the scripts write it."""
        return msgspec.msgpack.decode(entry[b"line"], type=cls, strict=False)  # numbers may come as digits


class RequestRecord(
    msgspec.Struct,
    frozen=True,
    rename={
        "ended": "s", "purse": "u", "chat": "c", "kind": "k", "model": "m", "day": "d", "month": "M",
        "held": "n", "from_credit": "g", "booked": "b",
    },
):  # fmt: skip
    """A request as the scripts keep it, under letters, from its hold until a while after its end."""

    ended: str  # how, or "open"
    purse: str
    chat: str
    kind: str
    model: str
    day: str
    month: str
    held: int
    from_credit: int  # of what is held
    booked: int = 0  # not before it ends
    note: str = ""  # what else became of it

    @classmethod
    def read(cls, packed: bytes) -> "RequestRecord":
        return msgspec.msgpack.decode(packed, type=cls)


def moment_of(entry: bytes) -> datetime:
    """The time at which an entry of the ledger or the trail was written, from its id."""
    return datetime.fromtimestamp(int(entry.split(b"-")[0]) / 1000, UTC)


def fresh_id() -> str:
    """A random id, for a new account or for something that is to be given once."""
    return secrets.token_urlsafe(8)


@dataclass(frozen=True, slots=True)
class Today:
    """A calendar day: numbers as the accounts count them, and when day and month end (epoch seconds)."""

    day: int
    month: int
    day_ends: float
    month_ends: float


def today(now: float, zone: ZoneInfo) -> Today:
    """The day on which `now` falls in `zone`. Days with a change of the clocks end at midnight, too."""
    local = datetime.fromtimestamp(now, zone).date()
    first = local.replace(day=1)
    return Today(
        day=number_of(local),
        month=month_of(local),
        day_ends=_midnight(local + timedelta(days=1), zone),
        month_ends=_midnight((first + timedelta(days=32)).replace(day=1), zone),
    )


def number_of(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


def month_of(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def date_of(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def default_caps(settings: Settings) -> tuple[int | None, ...]:
    """Person, chat, everybody; day and month each. None: no cap."""
    return (
        settings.user_daily_usd, settings.user_monthly_usd, settings.chat_daily_usd,
        settings.chat_monthly_usd, settings.global_daily_usd, settings.global_monthly_usd,
    )  # fmt: skip


def packed_caps(settings: Settings) -> bytes:
    """The default caps as the scripts take them."""
    return struct.pack(">6d", *(CAP_OFF if cap is None else cap for cap in default_caps(settings)))


def _midnight(day: date, zone: ZoneInfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
