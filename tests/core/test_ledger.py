"""The record of what was spent, its totals, and the proof that both agree."""

import asyncio
import time
from collections.abc import Callable
from datetime import date

import pytest

from core import audit, ledger
from core.audit import Difference
from core.errors import Refused
from core.ledger import USAGE_HEADER, Row
from core.money import ROOT
from core.spend import Payer, Spent, Wanted
from core.spending import spending
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.entries import entries
from tests.core.till import ANNA, BEN, Till

FAR = 4e9  # later than the server's own clock, by which entries are as old as they are


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    return Till(store, make_settings())


async def total(till: Till, name: str = "all") -> int:
    return int((await till.account(name))["t"])


async def test_every_step_has_its_line(till: Till) -> None:
    """Hold, settle, release, lease, refund and grant are on record: who, what, how much, how measured."""
    one, two = await till.take(500), await till.take(300, BEN)
    await till.spend.settle(one, Spent(200, 11, 22, "estimated"))
    await till.spend.release(two)
    await till.spend.purses.refund(one, "op:1")
    await till.spend.purses.grant(BEN.person, 70, "op:1")
    lines = await entries(till.spend.ledger)
    assert [(line.event, line.booked_nanos, line.credit_nanos, line.held_nanos) for line in lines] == [
        ("grant", 0, -70, 0),
        ("refund", -200, 0, 0),
        ("release", 0, 0, -300),
        ("settle", 200, 0, -500),
        ("hold", 0, 0, 300),
        ("hold", 0, 0, 500),
    ]
    settled = lines[3]
    assert (settled.person, settled.chat, settled.request) == (ANNA.person, ANNA.chat, one)
    assert (settled.kind, settled.model, settled.measured) == ("ask", "gpt-4o-mini", "estimated")
    assert (settled.prompt_tokens, settled.completion_tokens, settled.day) == (11, 22, date(2026, 3, 10))
    assert [line.event for line in await entries(till.spend.ledger, two)] == ["release", "hold"]


async def test_usage_is_by_day_person_chat_and_model(till: Till) -> None:
    """The rows for the operator's table add up requests, tokens and nanos, the oldest day first."""
    await till.pay(100)
    await till.pay(50)
    till.clock.now += 86_400
    await till.pay(7, BEN)
    yesterday, now = date(2026, 3, 10), date(2026, 3, 11)
    rows = [
        Row(yesterday, ANNA.person, ANNA.chat, "ask", "gpt-4o-mini", 2, 20, 40, 150),
        Row(now, BEN.person, BEN.chat, "ask", "gpt-4o-mini", 1, 10, 20, 7),
    ]
    assert await till.spend.ledger.usage(2) == rows
    assert await till.spend.ledger.usage(1) == rows[1:]
    assert await till.spend.ledger.usage(2, ANNA.person) == rows[:1]


async def test_days_are_read_without_the_ledger(till: Till) -> None:
    """The last days of a person, a chat or everybody are counters: there where the ledger is gone."""
    for _ in range(40):
        await till.pay(10)
        till.clock.now += 86_400
    await till.store.redis.delete(f"{ROOT}:ledger")
    for name in (ANNA.person, ANNA.chat, "all"):
        days = await till.spend.ledger.days(name, 31)
        assert [nanos for _, nanos in days] == [10] * 30 + [0]
    assert len([nanos for _, nanos in await till.spend.ledger.days("all", 40) if nanos]) == 39
    assert [nanos for _, nanos in await till.spend.ledger.days("nobody", 2)] == [0, 0]


async def test_an_account_stays_small(till: Till) -> None:
    """Somebody who is here every day for a year still has a compact hash of less than a KiB."""
    for _ in range(365):
        await till.pay(1_000_000)
        till.clock.now += 86_400
    name = await till.store.redis.hget(f"{ROOT}:names", ANNA.person)
    home = f"{ROOT}:a:{name.decode()}"
    assert await till.store.redis.object("encoding", home) == b"listpack"
    assert await till.store.redis.memory_usage(home) <= 1024
    assert await till.spend.ledger.audit() == []


async def test_an_account_forgets_old_periods(store: Store, make_settings: MakeSettings) -> None:
    """Of years of use an account keeps 35 days, 13 months and two months of models; its total stays."""
    till = Till(store, make_settings(ledger_days=36_525))
    for _ in range(40):
        await till.pay(10)
        till.clock.now += 31 * 86_400
    fields = await till.account(ANNA.person)
    models = [field for field in fields if "/" in field]
    months = [field for field in fields if field[0] == "m" and field not in models]
    assert (len(models), len(months), fields["t"]) == (2, 13, 400)
    assert len([field for field in fields if field.isdigit()]) == 35
    assert await till.spend.ledger.audit() == []


async def test_trimming_changes_no_total(store: Store, make_settings: MakeSettings) -> None:
    """What is trimmed is folded into opening balances: totals stay, and the audit still adds up."""
    till = Till(store, make_settings(ledger_days=1))
    await till.pay(100)
    await till.spend.purses.grant(ANNA.person, 60, "op:1")
    before = await total(till), await total(till, ANNA.person)
    now, till.clock.now = till.clock.now, FAR
    assert await till.spend.ledger.trim() == 3
    till.clock.now = now
    assert await store.redis.xlen(f"{ROOT}:ledger") == 0
    assert (await total(till), await total(till, ANNA.person)) == before == (100, 100)
    assert await till.spend.ledger.audit() == []
    await till.pay(30)
    assert (await total(till), await till.spend.ledger.audit()) == (130, [])


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
    right = list(map(int, value.split()))
    wrong = [number + 9 * (at == column) for at, number in enumerate(right)]
    await till.store.redis.hset(rows, row, " ".join(map(str, wrong)))
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


async def test_a_refund_goes_back_where_it_was_spent(till: Till) -> None:
    """A refund returns the whole cost once, to the day and the extra credit it came from."""
    request = await till.take(500)
    with pytest.raises(Exception, match="refund-open"):
        await till.spend.purses.refund(request, "op:1")
    till.clock.now += 1000
    await till.spend.sweep()
    till.clock.now += 86_400
    assert await till.spend.purses.refund(request, "op:1") == 500
    with pytest.raises(Exception, match="refund-nothing"):
        await till.spend.purses.refund(request, "op:1")
    with pytest.raises(Exception, match="refund-unknown"):
        await till.spend.purses.refund("never", "op:1")
    assert await till.spend.ledger.days(ANNA.person, 2) == [(date(2026, 3, 10), 0), (date(2026, 3, 11), 0)]
    assert [change.what for change in await till.spend.trail.read()] == ["refund"]
    assert (await till.spend.settle(request, Spent(1))).spent_nanos == 0
    assert await till.spend.ledger.audit() == []


async def test_a_request_is_counted_once(till: Till) -> None:
    """Whatever a lease did in between: one that was made at last is one request, one that never was is none."""
    for request, is_made in (("never", False), ("made", True), ("never again", False)):
        if request == "made":
            assert await till.spend.ledger.usage(1) == []
        await till.take(100, request=request)
        till.clock.now += 1000
        await till.spend.sweep()
        await till.spend.release(request)
        if is_made:
            await till.take(100, request=request)
            await till.spend.settle(request, Spent(90))
    assert [(row.requests, row.nanos) for row in await till.spend.ledger.usage(1)] == [(1, 90)]
    await till.take(100, request="late")
    await till.spend.release("late")
    await till.spend.settle("late", Spent(5))
    assert [(row.requests, row.nanos) for row in await till.spend.ledger.usage(1)] == [(2, 95)]
    assert await till.spend.ledger.audit() == []


async def test_a_day_that_has_ended_is_not_begun_by_a_refund(till: Till) -> None:
    """What is given back after its day's rows have ended makes no day of less than nothing."""
    request = await till.take(100)
    await till.spend.settle(request, Spent(100))
    await till.store.redis.delete(f"{ROOT}:rows:20522")
    assert await till.spend.purses.refund(request, "op:1") == 100
    assert await till.spend.ledger.usage(1) == []


async def test_a_model_may_have_any_name(till: Till) -> None:
    """A name from the operator's catalogue may hold what rows are put together with."""
    wanted = Wanted("one", "ask", "vendor|mo/del", 100, 100)
    await till.spend.take(ANNA, wanted)
    await till.spend.settle("one", Spent(100))
    assert [row.model for row in await till.spend.ledger.usage(1)] == ["vendor|mo/del"]
    found = await spending(till.store, 20_522, 1, "model")
    assert [one.name for one in found.top(9)] == ["vendor|mo/del"]
    assert await till.spend.ledger.audit() == []


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
    assert await total(till) > 0


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


async def test_nothing_is_trimmed_that_is_kept_for_ever(store: Store, make_settings: MakeSettings) -> None:
    """LEDGER_DAYS may reach back to before the first day that a computer knows."""
    till = Till(store, make_settings(ledger_days=36_525))
    await till.pay(100)
    assert await till.spend.ledger.trim() == 0
    assert await till.spend.ledger.audit() == []


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


async def test_what_became_of_a_request_is_noted_once(till: Till) -> None:
    """Two processes that drop the same order say it once, and of an unknown request nothing is said."""
    request = await till.take(5)
    await till.spend.settle(request, Spent(5))
    for name in (request, request, "never seen"):
        await till.spend.note(name, "dropped")
    assert [line.event for line in await entries(till.spend.ledger)] == ["dropped", "settle", "hold"]


async def test_the_newest_requests_and_what_became_of_each(till: Till) -> None:
    """Of one person, under any of their names, or of everybody: the newest first, each once, with the nanos
    that are booked for it by now, and whether they can be given back."""
    spend = till.spend
    settled, released, lapsed, corrected = [await till.take(nanos) for nanos in (100, 200, 300, 400)]
    await spend.settle(settled, Spent(70))
    await spend.release(released)
    till.clock.now += 1000
    await spend.sweep()
    await spend.settle(corrected, Spent(0))
    await spend.purses.grant(ANNA.person, 5, "op:1")
    refunded, held, bens = await till.take(50), await till.take(60), await till.take(1, BEN)
    await spend.settle(refunded, Spent(50))
    await spend.purses.refund(refunded, "op:1")
    await spend.note(settled, "dropped")
    wanted = {
        settled: ("settled", 70, True), refunded: ("refunded", 0, False), held: ("open", 60, False),
        corrected: ("settled", 0, False), lapsed: ("lease", 300, True), released: ("released", 0, False),
    }  # fmt: skip
    found = await spend.ledger.requests(ANNA.person)
    assert {one.id: (one.state, one.nanos, one.can_be_refunded) for one in found} == wanted
    assert [one.id for one in found] == list(wanted)
    assert {(one.person, one.kind, one.model) for one in found} == {(ANNA.person, "ask", "gpt-4o-mini")}
    await spend.purses.grant(ANNA.person, 5, "op:1")
    assert [one.id for one in await spend.ledger.requests(most=2)] == [settled, refunded]
    assert bens in {one.id for one in await spend.ledger.requests()}
    await spend.purses.link(await spend.purses.code(BEN.person), ANNA.person)
    assert {one.id for one in await spend.ledger.requests(BEN.person)} == {*wanted, bens}
    assert await spend.ledger.requests("nobody:5") == []


async def test_the_newest_requests_of_a_long_ledger(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the lines fall into pages; what stands before the newest lines is not looked for."""
    monkeypatch.setattr(ledger, "_PAGE", 2)
    monkeypatch.setattr(ledger, "_LOOK_BACK", 6)
    await till.pay(1)
    await till.pay(1)
    await till.pay(1, BEN)
    assert [one.id for one in await till.spend.ledger.requests(ANNA.person)] == ["request-2", "request-1"]
    await till.pay(1, BEN)
    assert [one.id for one in await till.spend.ledger.requests(ANNA.person)] == ["request-2"]


async def test_the_trail_is_kept_as_long_as_the_ledger(till: Till) -> None:
    """What operators did is dropped after LEDGER_DAYS, too, and not before."""
    await till.spend.purses.grant(ANNA.person, 5, "op:1")
    till.clock.now = time.time() + (till.settings.ledger_days - 1) * 86_400
    await till.spend.ledger.trim()
    assert len(await till.spend.trail.read()) == 1
    till.clock.now += 2 * 86_400
    await till.spend.ledger.trim()
    assert await till.spend.trail.read() == []
