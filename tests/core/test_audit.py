"""The proof that every total is what the ledger says, and what is found where one is not."""

import asyncio
from collections.abc import Callable

import pytest

from core import audit
from core.audit import Difference
from core.errors import Refused
from core.ledger import USAGE_HEADER
from core.money import ROOT, ROW
from core.spend import Payer
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.till import ANNA, Till

FAR = 4e9  # later than the server's own clock, by which entries are as old as they are


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    return Till(store, make_settings())


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("t", "ever"), ("20522", "2026-03-10"), ("m24314", "2026-03"),
        ("m24314/gpt-4o-mini", "2026-03 gpt-4o-mini"),
        ("credit", "credit"), ("held", "held"), ("h20522", "held 2026-03-10"), ("hm24314", "held 2026-03"),
    ],
)  # fmt: skip
async def test_the_audit_finds_what_is_wrong(till: Till, field: str, what: str) -> None:
    """A total that was changed behind the ledger's back is named, and who it is of, with both numbers."""
    await till.pay(100)
    name = (await till.store.redis.hget(f"{ROOT}:names", ANNA.person)).decode()
    right = int(await till.store.redis.hget(f"{ROOT}:a:{name}", field) or 0)
    await till.store.redis.hincrby(f"{ROOT}:a:{name}", field, 9)
    found = await till.spend.ledger.audit()
    assert Difference(ANNA.person, what, right + 9, right) in found
    assert len(found) == (2 if field == "held" else 1)  # what is held of credit is credit, too


@pytest.mark.parametrize("column", range(4))
async def test_the_audit_finds_what_is_wrong_in_a_row(till: Till, column: int) -> None:
    """Each of the numbers that `usage --csv` says is compared. Who was forgotten is a random id."""
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


async def test_the_audit_finds_missing_lines(till: Till) -> None:
    """A ledger line that is gone shows in every total it made."""
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
    """Of an account that is gone with all its totals the ledger still tells."""
    await till.pay(100)
    name = (await till.store.redis.hget(f"{ROOT}:names", ANNA.person)).decode()
    await till.store.redis.delete(f"{ROOT}:a:{name}")
    assert Difference(name, "ever", 0, 100) in await till.spend.ledger.audit()


async def test_the_audit_runs_beside_a_busy_service(till: Till) -> None:
    """Requests that are booked during an audit are no differences."""
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
    """A day's rows end by themselves after LEDGER_DAYS. Where nobody trimmed the ledger since, as in a store
    that was not served for a while, the audit does."""
    till = Till(store, make_settings(ledger_days=1))
    await till.pay(100)
    await store.redis.delete(f"{ROOT}:rows:20522")
    assert {one.what[:10] for one in await till.spend.ledger.audit()} == {"2026-03-10"}
    till.clock.now = FAR
    assert await till.spend.ledger.audit() == []
    assert await store.redis.xlen(f"{ROOT}:ledger") == 0


@pytest.fixture
def trimming(till: Till, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """trimming(times): so often another process trims the ledger while an audit reads it."""
    left, read = [0], audit._Audit._read_ledger

    async def read_and_trim(self: audit._Audit) -> None:
        await read(self)
        if left[0]:
            left[0] -= 1
            await till.pay(1)
            await till.store.redis.hset(f"{ROOT}:trimmed", "id", str(left[0]))

    monkeypatch.setattr(audit._Audit, "_read_ledger", read_and_trim)
    return lambda times: left.__setitem__(0, times)


async def test_an_audit_that_is_overtaken_begins_anew(till: Till, trimming: Callable[[int], None]) -> None:
    """Where the ledger is trimmed in the middle of it the audit looks again; each time, it says so: nothing is
    wrong with the store."""
    await till.pay(100)
    trimming(2)
    assert await till.spend.ledger.audit() == []
    trimming(99)
    with pytest.raises(Refused, match="audit-trimmed"):
        await till.spend.ledger.audit()


async def test_an_audit_lets_others_go_on(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many accounts there are, the loop comes round after some of them."""
    async with till.store.redis.pipeline(transaction=False) as pipe:
        for number in range(1000):
            pipe.hset(f"{ROOT}:a:{number}", mapping={"who": f"here:{number}"})
        await pipe.execute()
    compare, at_once, most = audit._compare_held, [0], [0]

    def counted(*args: object) -> object:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        return compare(*args)  # type: ignore[arg-type]

    async def beat() -> None:
        while True:
            at_once[0] = 0
            await asyncio.sleep(0)

    monkeypatch.setattr(audit, "_compare_held", counted)
    beating = asyncio.create_task(beat())
    assert await till.spend.ledger.audit() == []
    beating.cancel()
    assert 0 < most[0] <= 200
