"""The audit checks every total against the ledger, and reports differences."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from core.errors import Refused
from core.money.audit import Difference
from core.money.base import ROOT, ROW
from core.money.ledger import USAGE_HEADER
from core.money.spending import spending
from core.spend import Payer
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, Till


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("t", "ever"), ("20522", "2026-03-10"), ("m24314", "2026-03"),
        ("m24314/gpt-4o-mini", "2026-03 gpt-4o-mini"),
        ("credit", "credit"), ("held", "held"), ("u20522", "used 2026-03-10"), ("um24314", "used 2026-03"),
    ],
)  # fmt: skip
async def test_the_audit_finds_what_is_wrong(till: Till, field: str, what: str) -> None:
    """A changed total is reported, with its owner and both numbers."""
    await till.pay(100)
    name = (await till.store.redis.hget(f"{ROOT}:names", ANNA.person)).decode()
    right = int(await till.store.redis.hget(f"{ROOT}:a:{name}", field) or 0)
    await till.store.redis.hincrby(f"{ROOT}:a:{name}", field, 9)
    found = await till.spend.ledger.audit()
    assert Difference(ANNA.person, what, right + 9, right) in found
    assert len(found) == (2 if field == "held" else 1)  # what is held of credit is credit, too


@pytest.mark.parametrize("column", range(4))
async def test_the_audit_finds_what_is_wrong_in_a_row(till: Till, column: int) -> None:
    """Every number of `usage --csv` is compared. A forgotten person is a random id."""
    await till.pay(100)
    await till.pay(50)
    await till.spend.release(await till.take(70))
    rows = f"{ROOT}:rows:20522"
    ((row, value),) = (await till.store.redis.hgetall(rows)).items()
    right = ROW.unpack(value)
    wrong = [number + 9 * (at == column) for at, number in enumerate(right)]
    await till.store.redis.hset(rows, row, ROW.pack(*wrong))
    what = f"2026-03-10 {ANNA.chat} ask gpt-4o-mini {USAGE_HEADER[5 + column]}"
    assert await till.spend.ledger.audit() == [Difference(ANNA.person, what, wrong[column], right[column])]
    await till.spend.purses.forget(ANNA.person)
    (found,) = await till.spend.ledger.audit()
    assert found.name == row.decode().partition("|")[0]


@pytest.mark.parametrize("damaged", [b"", b"7", bytes(33)])
async def test_the_audit_finds_a_damaged_row(till: Till, damaged: bytes) -> None:
    """An unreadable row is one difference, and hides no other."""
    await till.pay(100)
    rows = f"{ROOT}:rows:20522"
    await till.store.redis.hset(rows, (await till.store.redis.hkeys(rows))[0], damaged)
    found = await till.spend.ledger.audit()
    what = f"2026-03-10 {ANNA.chat} ask gpt-4o-mini bytes"
    assert found == [Difference(ANNA.person, what, len(damaged), 32)]
    assert [row.nanos for row in await till.spend.ledger.usage(1)] == [0]
    assert (await spending(till.store, 20522, 1, "person")).total.nanos == 0


async def test_a_damaged_row_leaves_the_totals_right(till: Till) -> None:
    """The next payment starts the row again: totals and ledger are right, and the row differs."""
    await till.pay(100)
    rows = f"{ROOT}:rows:20522"
    await till.store.redis.hset(rows, (await till.store.redis.hkeys(rows))[0], b"7")
    assert (await till.pay(50)).spent_nanos == 50
    row = f"2026-03-10 {ANNA.chat} ask gpt-4o-mini"
    found = await till.spend.ledger.audit()
    assert {one.what for one in found} == {f"{row} {column}" for column in USAGE_HEADER[5:]}
    assert [(one.total, one.ledger) for one in found if one.what == f"{row} nanos"] == [(50, 150)]


async def test_the_audit_finds_missing_lines(till: Till) -> None:
    """A missing ledger line shows in every total that it was part of."""
    await till.pay(100)
    last = (await till.store.redis.xrevrange(f"{ROOT}:ledger", count=1))[0][0]
    await till.store.redis.xdel(f"{ROOT}:ledger", last)
    found = await till.spend.ledger.audit()
    assert {one.total - one.ledger for one in found if "_" not in one.what and "requests" not in one.what} == {
        100
    }
    assert {one.name for one in found} == {ANNA.person, ANNA.chat, "all"}
    assert len([one for one in found if " ask " in one.what]) == 4  # the row


async def test_the_audit_finds_a_missing_account(till: Till) -> None:
    """The ledger still has the account whose totals are gone."""
    await till.pay(100)
    name = (await till.store.redis.hget(f"{ROOT}:names", ANNA.person)).decode()
    await till.store.redis.delete(f"{ROOT}:a:{name}")
    assert Difference(name, "ever", 0, 100) in await till.spend.ledger.audit()


async def test_the_audit_runs_beside_a_busy_service(till: Till) -> None:
    """Requests booked during an audit are no differences."""
    done = asyncio.Event()

    async def spend() -> None:
        number = 0
        while not done.is_set():
            number += 1
            await till.pay(1, Payer(f"here:{number % 9}", f"here:guild:{number % 3}"))

    busy = [asyncio.create_task(spend()) for _ in range(3)]
    for _ in range(5):
        assert await till.spend.ledger.audit() == []
    done.set()
    await asyncio.gather(*busy)
    assert int((await till.account("all"))["t"]) > 0


async def test_days_that_are_over_are_no_difference(store: Store, make_settings: MakeSettings) -> None:
    """A day's rows go with its ledger lines. If nobody trimmed the ledger, as in a store that was not in use,
    the audit does."""
    till = Till(store, make_settings(ledger_days=1))
    await till.pay(100)
    await till.age(days=2)
    assert await till.spend.ledger.audit() == []
    assert await store.redis.exists(f"{ROOT}:ledger", f"{ROOT}:rows:20522") == 1
    assert await store.redis.xlen(f"{ROOT}:ledger") == 0


async def test_the_audit_finds_a_missing_day(till: Till) -> None:
    """Missing rows of a day that the ledger has are a difference."""
    await till.pay(100)
    await till.store.redis.delete(f"{ROOT}:rows:20522")
    assert {one.what[:10] for one in await till.spend.ledger.audit()} == {"2026-03-10"}


AfterScan = Callable[[str, Callable[[], Awaitable[None]]], None]


@pytest.fixture
def after_scan(till: Till, monkeypatch: pytest.MonkeyPatch) -> AfterScan:
    """after_scan(pattern, then): `then` is awaited each time when somebody has seen all keys like that."""

    def watch(pattern: str, then: Callable[[], Awaitable[None]]) -> None:
        scan = till.store.redis.scan_iter

        async def scan_and_go_on(match: str, **options: Any) -> AsyncIterator[bytes]:
            async for name in scan(match, **options):
                yield name
            if match == pattern:
                await then()

        monkeypatch.setattr(till.store.redis, "scan_iter", scan_and_go_on)

    return watch


async def test_an_audit_that_is_overtaken_begins_anew(till: Till, after_scan: AfterScan) -> None:
    """If the ledger is trimmed during an audit, it starts again; if that happens each time, it says so, as
    nothing is wrong with the store."""
    await till.pay(100)
    left = 2

    async def trim() -> None:
        nonlocal left
        if left:
            left -= 1
            await till.pay(1)
            await till.store.redis.hset(f"{ROOT}:trimmed", "id", str(left))

    after_scan(f"{ROOT}:a:*", trim)
    assert await till.spend.ledger.audit() == []
    assert left == 0
    left = 99
    with pytest.raises(Refused, match="audit-trimmed"):
        await till.spend.ledger.audit()


async def test_only_differences_that_stay_are_reported(till: Till, after_scan: AfterScan) -> None:
    """One that a second look does not find was something under way, and alarms nobody."""
    await till.pay(100)
    wrong = [9, -9]

    async def book() -> None:
        if wrong:
            await till.store.redis.hincrby(f"{ROOT}:a:all", "t", wrong.pop(0))

    after_scan(f"{ROOT}:a:*", book)
    assert await till.spend.ledger.audit() == []
    assert not wrong


async def test_an_audit_lets_others_go_on(till: Till, after_scan: AfterScan) -> None:
    """However many accounts there are, other tasks run in between, also once all data is read."""
    async with till.store.redis.pipeline(transaction=False) as pipe:
        for number in range(1000):
            pipe.hset(f"{ROOT}:a:{number}", mapping={"who": f"here:{number}"})
        await pipe.execute()
    rounds = 0

    async def store_scanned() -> None:
        nonlocal rounds
        rounds = 0

    async def beat() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    after_scan(f"{ROOT}:rows:*", store_scanned)
    beating = asyncio.create_task(beat())
    assert await till.spend.ledger.audit() == []
    beating.cancel()
    assert rounds >= 5
