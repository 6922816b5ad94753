"""Recomputes every total from the ledger and names each difference. Runs beside a working service.

What is compared, for every account: its total (opening balance + ledger), each day, month and model of which
the ledger still has every entry, its extra credit, and what is held (against the open holds). And the rows of
each day, all four numbers. Days of which entries were trimmed count through the opening balance only.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from core.errors import Refused
from core.money.base import (
    KEEP_DAYS,
    KEEP_MODELS,
    KEEP_MONTHS,
    ROW,
    LedgerLine,
    RequestRecord,
    date_of,
    key,
    month_of,
)
from core.store import Store

_PAGE = 500
_BATCH = 200
_ATTEMPTS = 3
_COLUMNS = ("requests", "prompt_tokens", "completion_tokens", "nanos")
_NOTHING = (0, 0, 0, 0)
# A field of a period in its parts: "u" of what counts against its cap, else of what is booked; "m" of a month,
# else of a day; its number; and the model, where it is the share of one.
_PERIOD = re.compile(r"(u?)(m?)(\d+)/?(.*)")


@dataclass(frozen=True, slots=True)
class Difference:
    """A total that is not what the ledger says. `name` is a person, a chat or "all"; of who was forgotten the
    account's random id. `what` is "ever", a day (2026-11-28), a month (2026-11), one's model ("2026-11 MODEL"),
    what counts in one ("used 2026-11"), "credit", "held" of it, or of a row "DAY CHAT KIND MODEL COLUMN";
    a damaged row has "bytes" there: how long it is, and how long rows are."""

    name: str
    what: str
    total: int
    ledger: int


class _Sums:
    """What the ledger says: nanos by account and field, a row's numbers by day and row, and credit by account.
    `lapsed` are the requests that were last heard of when their lease was booked."""

    def __init__(self, lapsed: Iterable[str] = ()) -> None:
        self.fields: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.rows: defaultdict[int, dict[str, tuple[int, ...]]] = defaultdict(dict)
        self.credit: defaultdict[str, int] = defaultdict(int)
        self.lapsed = set(lapsed)

    def add(self, line: LedgerLine) -> None:
        is_request = line.event != "grant"
        if is_request and line.booked:
            month = f"m{month_of(date_of(line.day))}"
            for account in (line.purse, line.chat, "all"):
                for field in ("t", str(line.day), month):
                    self.fields[account][field] += line.booked
            self.fields[line.purse][f"{month}/{line.model}"] += line.booked
        self.credit[line.purse] += line.credit
        requests = self._requests(line.event, line.request)
        numbers = requests, line.prompt_tokens, line.completion_tokens, line.booked
        if is_request and any(numbers):
            row = "|".join((line.purse, line.chat, line.kind, line.model))
            self.rows[line.day][row] = _added(self.rows[line.day].get(row, _NOTHING), numbers)

    def _requests(self, event: str, request: str) -> int:
        """How many more there are, as the scripts count: a request is one from its first booking on, until its
        lease is released because nothing was sent."""
        if event == "lease":
            self.lapsed.add(request)
            return 1
        if event not in ("hold", "settle", "release", "refund"):
            return 0
        has_lapsed = request in self.lapsed
        self.lapsed.discard(request)
        return {"settle": int(not has_lapsed), "release": -int(has_lapsed)}.get(event, 0)


@dataclass(frozen=True, slots=True)
class _Account:
    """An account, the ledger's newest entries and the open holds: all of one moment."""

    fields: Mapping[str, str]
    tail: _Sums
    holds: list[RequestRecord]

    def number(self, field: str) -> int:
        return int(self.fields.get(field, 0))

    def has_all_of(self, field: str, through: int) -> bool:
        """Whether this account and the ledger both still have that total: the ledger has nothing of the days up
        to `through`, and an account keeps only so many of its newest periods."""
        if field == "t":
            return True
        _, monthly, number, model = _parsed(field)
        if number <= (month_of(date_of(through)) if monthly and through else through):
            return False
        if field in self.fields:
            return True
        periods = (_parsed(name) for name in self.fields if name != "t" and _is_total(name))
        kept = sorted(other for _, letter, other, of in periods if letter == monthly and not of)
        most = KEEP_MODELS if model else KEEP_MONTHS if monthly else KEEP_DAYS
        return len(kept) < most or number >= kept[-most]

    def held(self, name: str, parts: list[str]) -> Counter[str]:
        """What is held by period; as "held", what of extra credit. `parts` are the accounts that this one,
        `name`, is made of."""
        held: Counter[str] = Counter()
        for hold in self.holds:
            own = hold.held - hold.from_credit if hold.purse in parts else 0
            of_chat = hold.held if hold.chat in parts or name == "all" else 0
            for period in (hold.day, f"m{hold.month}"):
                held[period] += own + of_chat
            held["held"] += hold.from_credit if hold.purse in parts else 0
        return held


class _Trimmed(Exception):
    """The ledger was trimmed while it was read."""


async def audit(store: Store, trim: Callable[[], Awaitable[object]]) -> list[Difference]:
    """Every difference that stays: a merge of two purses in the middle of it makes it look again, and so does
    a trim. `trim` is called first, so that what is over is not read.

    Raises StoreError, and Refused("audit-trimmed") where it was trimmed each time."""
    found: list[Difference] | None = None
    for _ in range(_ATTEMPTS):
        await trim()
        try:
            found = await _Audit(store).run()
        except _Trimmed:
            found = None
            continue
        if not found:
            break
    if found is None:
        raise Refused("audit-trimmed")
    return found


class _Audit:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.base = _Sums()
        self.last = "0-0"
        self.trimmed: dict[bytes, bytes] = {}
        self.accounts: dict[str, _Account] = {}

    async def run(self) -> list[Difference]:
        with self.store.guard():
            self.trimmed = await self.store.redis.hgetall(key("trimmed"))
            await self._read_ledger()
            names = list({name async for name in self.store.redis.scan_iter(f"{key('a')}:*", count=1000)})
            for at in range(0, len(names), _BATCH):
                await self._read(
                    [name.decode().removeprefix(f"{key('a')}:") for name in names[at : at + _BATCH]]
                )
            differences = await self._compare_rows()
        differences += await self._compare_accounts()
        return sorted(differences, key=lambda found: (found.name, found.what))

    async def _read_ledger(self) -> None:
        """The ledger as it stands. What is booked meanwhile is read with the accounts: else a busy service
        would keep us reading for ever."""
        while True:
            page = await self.store.redis.xrange(key("ledger"), f"({self.last}", "+", count=_PAGE)
            for _, fields in page:
                self.base.add(LedgerLine.read(fields))
            if page:
                self.last = page[-1][0].decode()
            if len(page) < _PAGE:
                return

    async def _together(
        self, keys: Iterable[str]
    ) -> tuple[_Sums, list[RequestRecord], list[dict[bytes, bytes]]]:
        """Hashes, the open holds and the ledger's newest entries of one and the same moment. What a hold holds
        stays as it is once it has ended."""
        async with self.store.redis.pipeline(transaction=True) as pipe:
            pipe.hgetall(key("trimmed")).xrange(key("ledger"), f"({self.last}", "+").zrange(key("open"), 0, -1)
            for name in keys:
                pipe.hgetall(name)
            trimmed, tail, requests, *hashes = await pipe.execute()
        if trimmed != self.trimmed:
            raise _Trimmed
        sums = _Sums(self.base.lapsed)
        for _, fields in tail:
            sums.add(LedgerLine.read(fields))
        names = [key("q", request.decode()) for request in requests]
        holds = await self.store.redis.mget(names) if names else []
        return sums, [RequestRecord.read(hold) for hold in holds if hold], hashes

    async def _read(self, accounts: list[str]) -> None:
        tail, holds, hashes = await self._together(key("a", account) for account in accounts)
        for account, fields in zip(accounts, hashes, strict=True):
            text = {name.decode(): value.decode() for name, value in fields.items()}
            self.accounts[account] = _Account(text, tail, holds)

    async def _compare_accounts(self) -> list[Difference]:
        merged: defaultdict[str, list[str]] = defaultdict(list)
        for account in {*self.accounts, *self.base.fields} - {""}:
            merged[self._follow(account)].append(account)
        found: list[Difference] = []
        for count, (account, parts) in enumerate(merged.items(), 1):
            found += [
                Difference(self._name(account), _said(field), total, ledger)
                for field, total, ledger in self._compare(account, parts)
                if total != ledger
            ]
            if count % _BATCH == 0:
                await asyncio.sleep(0)  # answers go on in between
        return found

    def _follow(self, account: str) -> str:
        while account in self.accounts and "to" in self.accounts[account].fields:
            account = self.accounts[account].fields["to"]
        return account

    def _compare(self, name: str, parts: list[str]) -> Iterable[tuple[str, int, int]]:
        """The fields of an account that can be compared: what it says, and what ledger and holds say."""
        account, expected, credit = self.accounts.get(name, _Account({}, _Sums(), [])), Counter[str](), 0
        for sums in (self.base, account.tail):
            for part in parts:
                expected.update(sums.fields.get(part, {}))
                credit += sums.credit[part]
        expected["t"] += account.number("o")
        known = {
            field: expected[field]
            for field in {*expected, *filter(_is_total, account.fields)}
            if account.has_all_of(field, self._through)
        }
        for field, booked in known.items():
            yield field, account.number(field), booked
        held = account.held(name, parts)
        yield "held", account.number("held"), held.pop("held", 0)
        for period in {*held, *(field[1:] for field in account.fields if field[0] == "u")}:
            booked = known.get(period, account.number(period))
            counts = booked - account.number(f"g{period}") + account.number(f"c{period}")
            yield f"u{period}", int(account.fields.get(f"u{period}", counts)), counts + held[period]
        yield "credit", account.number("credit") + account.number("held"), -(credit + account.number("og"))

    async def _compare_rows(self) -> list[Difference]:
        kept = [int(name.rpartition(b":")[2]) async for name in self.store.redis.scan_iter(key("rows", "*"))]
        found: list[Difference] = []
        for day in sorted(day for day in {*self.base.rows, *kept} if day > self._through):
            tail, _, (rows,) = await self._together([key("rows", str(day))])
            totals = {field.decode(): value for field, value in rows.items()}
            for row in {*totals, *self.base.rows[day], *tail.rows[day]}:
                wanted = _added(self.base.rows[day].get(row, _NOTHING), tail.rows[day].get(row, _NOTHING))
                found += [
                    Difference(*self._place(day, row, column), total, ledger)
                    for column, total, ledger in _compared(totals.get(row), wanted)
                    if total != ledger
                ]
        return found

    def _place(self, day: int, row: str, column: str) -> tuple[str, str]:
        """A number of a row as in Difference."""
        person, _, rest = row.partition("|")
        chat, *kind_and_model = rest.split("|", 2)
        what = (str(date_of(day)), self._name(chat), *kind_and_model, column)
        return self._name(person), " ".join(filter(None, what))

    def _name(self, account: str) -> str:
        """The names of an account; the account's id where they were forgotten."""
        found = self.accounts.get(self._follow(account))
        return found.fields.get("who", account).replace(" ", "+") if found else account

    @property
    def _through(self) -> int:
        """The last day of which entries were trimmed: nothing up to then counts on the ledger."""
        return int(self.trimmed.get(b"day", 0))


def _compared(value: bytes | None, wanted: tuple[int, ...]) -> Iterable[tuple[str, int, int]]:
    """The columns of a row, each with its number and the one that is wanted."""
    if value is not None and len(value) != ROW.size:
        return [("bytes", len(value), ROW.size)]
    return zip(_COLUMNS, ROW.unpack(value) if value else _NOTHING, wanted, strict=True)


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(one, other, strict=True)))


def _parsed(field: str) -> tuple[str, str, int, str]:
    """As _PERIOD has it."""
    match = _PERIOD.fullmatch(field)
    assert match
    used, monthly, number, model = match.groups()
    return used, monthly, int(number), model


def _said(field: str) -> str:
    """An account's field as in Difference."""
    if not _PERIOD.fullmatch(field):
        return "ever" if field == "t" else field
    used, monthly, number, model = _parsed(field)
    year, month = divmod(number, 12)
    when = f"{year}-{month + 1:02}" if monthly else str(date_of(number))
    return " ".join(filter(None, ("used" if used else "", when, model)))


def _is_total(field: str) -> bool:
    return field == "t" or (field[0] != "u" and _PERIOD.fullmatch(field) is not None)
