"""The append-only record of every hold, settle, release, lapse, grant and refund, and the totals beside it.

Totals are counters written in the same step as their ledger entry, so reading them never reads the ledger.
Entries (and the rows for each day, person, chat and model) are kept LEDGER_DAYS; what is trimmed is folded
into its account's opening balance in the same step, so that opening balance + ledger = total, always.
"""

import csv
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from io import StringIO
from itertools import islice
from operator import add

from core.money.audit import Difference, audit
from core.money.base import ROOT, LedgerLine, RequestRecord, date_of, key, moment_of, rows_of, today
from core.money.purse import names_of
from core.settings import Settings
from core.store import Store, load_script

_TRIM = load_script("money_trim")
_PAGE = 500
_LOOK_BACK = 20 * _PAGE  # lines; a tenth of a second of reading


@dataclass(frozen=True, slots=True)
class Row:
    """What one person spent on one day in one chat on one model."""

    day: date
    user: str
    chat: str
    kind: str
    model: str
    requests: int
    prompt_tokens: int
    completion_tokens: int
    nanos: int


@dataclass(frozen=True, slots=True)
class Request:
    """One request and what became of it: `state` is "open", "settled", "released" (not sent, or answered with
    an error), "late", "unknown" or "failed" (released though it was sent, see `OrderPiece.free_as`), "lease"
    (booked in full, because nobody knows how it ended) or "refunded". `nanos` are what is booked for it by now,
    of an open one what is held."""

    id: str
    at: datetime  # of the newest line about it
    person: str
    kind: str
    model: str
    state: str
    nanos: int

    @property
    def can_be_refunded(self) -> bool:
        return self.state in ("settled", "lease") and self.nanos > 0


USAGE_HEADER = tuple(Row.__dataclass_fields__)


def usage_csv(rows: Iterable[Row]) -> str:
    """The rows as lines of CSV with the columns of USAGE_HEADER."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerows(astuple(row) for row in rows)
    return lines.getvalue()


class Ledger:
    """Reads the ledger and its totals, and drops what is too old."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float]) -> None:
        self._store, self._settings, self._clock = store, settings, clock

    async def days(self, name: str, count: int) -> list[tuple[date, int]]:
        """Nanos of each of the last `count` days (at most KEEP_DAYS but for "all"), today last. `name` is a
        person, a chat, or "all"."""
        last = today(self._clock(), self._settings.zone).day
        numbers = range(last - count + 1, last + 1)
        with self._store.guard():
            found = b"all" if name == "all" else await self._store.redis.hget(key("names"), name)
            account = found.decode() if found else ""
            values = await self._store.redis.hmget(key("a", account), [str(number) for number in numbers])
        return [(date_of(number), int(value or 0)) for number, value in zip(numbers, values, strict=True)]

    async def usage(self, days: int, person: str = "") -> list[Row]:
        """The rows of the last days, the oldest first; of one person where given. People who were forgotten
        stand there as their account's random id."""
        return [row async for rows in self.usage_by_day(days, person) for row in rows]

    async def usage_by_day(self, days: int, person: str = "") -> AsyncIterator[list[Row]]:
        """As `usage`, day by day: so a long time need not be held in memory at once."""
        last = today(self._clock(), self._settings.zone).day
        for day in range(last - days + 1, last + 1):
            yield await self._rows(day, person)

    async def _rows(self, day: int, person: str) -> list[Row]:
        rows = [row async for row in rows_of(self._store, day)]
        known = await names_of(self._store, {part for place, _ in rows for part in place[:2] if part})
        sums: dict[tuple[str, str, str, str], tuple[int, ...]] = {}
        for (purse, chat, kind, model), numbers in rows:
            who = known.get(purse, purse)
            if person and person not in who.split("+"):
                continue
            place = (who, known.get(chat, chat), kind, model)
            sums[place] = tuple(map(add, sums[place], numbers)) if place in sums else numbers
        return [Row(date_of(day), *place, *numbers) for place, numbers in sorted(sums.items())]

    async def requests(self, person: str = "", most: int = 50) -> list[Request]:
        """The newest requests, of one person where given: those that can still be refunded (for a week), as
        far as the newest _LOOK_BACK lines tell of them. Raises StoreError."""
        moments: dict[str, datetime] = {}
        before = "+"
        for _ in range(_LOOK_BACK // _PAGE):
            with self._store.guard():
                page = await self._store.redis.xrevrange(key("ledger"), before, count=_PAGE)
            lines = [(entry, LedgerLine.read(fields)) for entry, fields in page]
            known = await names_of(self._store, {line.purse for _, line in lines} if person else set())
            for entry, line in lines:
                is_theirs = not person or person in known.get(line.purse, "").split("+")
                if is_theirs and line.request:
                    moments.setdefault(line.request, moment_of(entry))
            if len(page) < _PAGE or len(moments) >= most:
                break
            before = f"({page[-1][0].decode()}"
        return await self._became(dict(islice(moments.items(), most)))

    async def _became(self, moments: Mapping[str, datetime]) -> list[Request]:
        if not moments:
            return []
        with self._store.guard():
            found = await self._store.redis.mget([key("q", request) for request in moments])
        kept = {
            request: RequestRecord.read(packed)
            for request, packed in zip(moments, found, strict=True)
            if packed
        }
        known = await names_of(self._store, {one.purse for one in kept.values()})
        return [
            Request(
                id=request,
                at=moments[request],
                person=known.get(one.purse, one.purse),
                kind=one.kind,
                model=one.model,
                state=one.note if one.ended == "released" and one.note else one.ended,
                nanos=one.held if one.ended == "open" else one.booked,
            )
            for request, one in kept.items()
        ]

    async def trim(self) -> int:
        """Drops entries older than LEDGER_DAYS by the store's clock, and lines of the trail. Returns how many
        entries."""
        kept_ms, dropped = self._settings.ledger_days * 86_400_000, 0
        while count := await self._store.run(_TRIM, [ROOT], [kept_ms, _PAGE]):
            dropped += count
        return dropped

    async def audit(self) -> list[Difference]:
        """Recomputes every total from the ledger; the differences (none, unless something is broken).

        Raises StoreError, and Refused where the ledger is trimmed again and again while it is read."""
        return await audit(self._store, self.trim)
