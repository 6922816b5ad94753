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

import msgspec

from core.errors import Refused
from core.money.base import KEEP_DAYS, KEEP_MODELS, KEEP_MONTHS, ROW, LedgerLine, date_of, key, month_of
from core.store import Store

_PAGE = 500
_BATCH = 200
_ATTEMPTS = 3
_COLUMNS = ("requests", "prompt_tokens", "completion_tokens", "nanos")
_NOTHING = (0, 0, 0, 0)


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


class _Held(
    msgspec.Struct,
    rename={"purse": "u", "chat": "c", "day": "d", "month": "M", "nanos": "n", "from_credit": "g"},
):
    """What matters here of an open hold as the scripts keep it, under letters."""

    purse: str
    chat: str
    day: str
    month: str
    nanos: int
    from_credit: int  # of these

    @property
    def periods(self) -> tuple[str, str]:
        return self.day, f"m{self.month}"


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


class _Trimmed(Exception):
    """Somebody trimmed the ledger while it was read."""


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
        self.accounts: dict[str, tuple[dict[str, str], _Sums, list[_Held]]] = {}

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

    async def _together(self, keys: Iterable[str]) -> tuple[_Sums, list[_Held], list[dict[bytes, bytes]]]:
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
        return sums, [msgspec.msgpack.decode(hold, type=_Held) for hold in holds if hold], hashes

    async def _read(self, accounts: list[str]) -> None:
        tail, holds, hashes = await self._together(key("a", account) for account in accounts)
        for account, fields in zip(accounts, hashes, strict=True):
            text = {name.decode(): value.decode() for name, value in fields.items()}
            self.accounts[account] = text, tail, holds

    async def _compare_accounts(self) -> list[Difference]:
        merged: defaultdict[str, list[str]] = defaultdict(list)
        for account in {*self.accounts, *self.base.fields} - {""}:
            merged[self._follow(account)].append(account)
        found: list[Difference] = []
        for count, (account, parts) in enumerate(merged.items(), 1):
            fields, tail, holds = self.accounts.get(account, ({}, _Sums(), []))
            found += self._compare(account, parts, fields, tail, holds)
            if count % _BATCH == 0:
                await asyncio.sleep(0)  # answers go on in between
        return found

    def _follow(self, account: str) -> str:
        while account in self.accounts and "to" in self.accounts[account][0]:
            account = self.accounts[account][0]["to"]
        return account

    def _compare(
        self, account: str, parts: list[str], fields: Mapping[str, str], tail: _Sums, holds: list[_Held]
    ) -> Iterable[Difference]:
        name, expected = self._name(account), self._expected(parts, fields, tail)
        through = int(self.trimmed.get(b"day", 0))
        for field in {*expected, *(name for name in fields if _is_total(name))}:
            total = int(fields.get(field, 0))
            if total != expected[field] and _is_known(field, fields, through):
                yield Difference(name, _said(field), total, expected[field])
        booked = {
            field: expected[field] if _is_known(field, fields, through) else int(fields.get(field, 0))
            for field in _periods(fields, holds)
        }
        for field, total, ledger in _compared_used(account, parts, fields, holds, booked):
            if total != ledger:
                yield Difference(name, _said(field), total, ledger)
        credit = sum(sums.credit[name] for sums in (self.base, tail) for name in parts) + int(
            fields.get("og", 0)
        )
        there = int(fields.get("credit", 0)) + int(fields.get("held", 0))
        if there != -credit:
            yield Difference(name, "credit", there, -credit)

    def _expected(self, parts: list[str], fields: Mapping[str, str], tail: _Sums) -> Counter[str]:
        """The totals of an account, as the ledger has them."""
        expected: Counter[str] = Counter()
        for sums in (self.base, tail):
            for name in parts:
                expected.update(sums.fields.get(name, {}))
        expected["t"] += int(fields.get("o", 0))
        return expected

    async def _compare_rows(self) -> list[Difference]:
        kept = [int(name.rpartition(b":")[2]) async for name in self.store.redis.scan_iter(key("rows", "*"))]
        found: list[Difference] = []
        for day in sorted(day for day in {*self.base.rows, *kept} if day > int(self.trimmed.get(b"day", 0))):
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
        """Who it is; the account where they were forgotten."""
        fields = self.accounts.get(self._follow(account), ({},))[0]
        return fields.get("who", account).replace(" ", "+")


def _compared(value: bytes | None, wanted: tuple[int, ...]) -> Iterable[tuple[str, int, int]]:
    """The columns of a row, each with its number and the one that is wanted."""
    if value is not None and len(value) != ROW.size:
        return [("bytes", len(value), ROW.size)]
    return zip(_COLUMNS, ROW.unpack(value) if value else _NOTHING, wanted, strict=True)


def _added(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(one, other, strict=True)))


def _said(field: str) -> str:
    """An account's field as in Difference."""
    match = re.fullmatch(r"(u?)(m?)(\d+)/?(.*)", field)
    if match is None:
        return {"t": "ever"}.get(field, field)
    used, monthly, number, model = match.groups()
    year, month = divmod(int(number), 12)
    when = f"{year}-{month + 1:02}" if monthly else str(date_of(int(number)))
    return " ".join(filter(None, ("used" if used else "", when, model)))


def _periods(fields: Mapping[str, str], holds: list[_Held]) -> set[str]:
    """Days and months of which anything is held, or may have been."""
    of_holds = (period for hold in holds for period in hold.periods)
    return {*of_holds, *(name[1:] for name in fields if name[0] == "u")}


def _compared_used(
    account: str, parts: list[str], fields: Mapping[str, str], holds: list[_Held], booked: Mapping[str, int]
) -> Iterable[tuple[str, int, int]]:
    """What counts in each period, and what is held of credit: what the account says, and what is wanted."""
    held: defaultdict[str, int] = defaultdict(int)
    for hold in holds:
        for period in hold.periods:
            if hold.purse in parts:
                held[period] += hold.nanos - hold.from_credit
            if hold.chat in parts or account == "all":
                held[period] += hold.nanos
        if hold.purse in parts:
            held["held"] += hold.from_credit
    yield "held", int(fields.get("held", 0)), held["held"]
    for period, nanos in booked.items():
        spent = nanos - int(fields.get(f"g{period}", 0)) + int(fields.get(f"c{period}", 0))
        yield f"u{period}", int(fields.get(f"u{period}", spent)), spent + held[period]


def _is_total(field: str) -> bool:
    return field == "t" or field[0].isdigit() or (field[0] == "m" and field[1:2].isdigit())


def _is_known(field: str, fields: Mapping[str, str], through: int) -> bool:
    """Whether account and ledger both have all of it."""
    return _is_whole(field, through) and not _is_rolled(field, fields)


def _is_whole(field: str, through: int) -> bool:
    """Whether the ledger has every entry of that period: nothing up to day `through` counts on it."""
    if field == "t":
        return True
    if field[0] == "m":
        return int(field[1:].split("/")[0]) > (month_of(date_of(through)) if through else 0)
    return int(field) > through


def _is_rolled(field: str, fields: Mapping[str, str]) -> bool:
    """Whether an account no longer keeps that period."""
    if field in fields or field == "t":
        return False
    letter = "m" if field[0] == "m" else ""
    number = int(field.removeprefix("m").split("/")[0])
    kept = sorted(
        int(name[len(letter) :]) for name in fields if name[len(letter) :].isdigit() and name.startswith(letter)
    )
    count = KEEP_MODELS if "/" in field else KEEP_MONTHS if letter else KEEP_DAYS
    return len(kept) >= count and number < kept[-count]
