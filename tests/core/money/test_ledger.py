"""The ledger and its totals."""

from datetime import date

import pytest

from core.money import ledger
from core.money.base import ROOT
from core.money.ledger import Row
from core.money.spending import spending
from core.spend import Spent, Wanted
from core.store import Store
from core.valkey import COMPACT_FIELDS
from tests.conftest import MakeSettings
from tests.core.money.entries import entries
from tests.core.money.till import ANNA, BEN, Till


async def total(till: Till, name: str = "all") -> int:
    return int((await till.account(name))["t"])


async def test_every_step_has_its_line(till: Till) -> None:
    """Hold, settle, release, lease, refund and grant are recorded: who, what, how much, how measured."""
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
    """The rows sum requests, tokens and nanos, oldest day first."""
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
    assert await till.spend.ledger.usage(2, ANNA.person[:-1]) == []  # nobody's name, only part of one


async def test_days_are_read_without_the_ledger(till: Till) -> None:
    """Daily totals of a person, a chat or everybody are counters, independent of the ledger's lines."""
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
    """A year of daily use is still a compact hash of less than a KiB."""
    for _ in range(365):
        await till.pay(1_000_000)
        till.clock.now += 86_400
    name = await till.store.redis.hget(f"{ROOT}:names", ANNA.person)
    home = f"{ROOT}:a:{name.decode()}"
    assert await till.store.redis.hlen(home) <= COMPACT_FIELDS
    assert await till.store.redis.object("encoding", home) == b"listpack"
    assert await till.store.redis.memory_usage(home) <= 1024
    assert await till.spend.ledger.audit() == []


async def test_an_account_forgets_old_periods(store: Store, make_settings: MakeSettings) -> None:
    """An account keeps 35 days, 13 months and two months of models; its total stays."""
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
    """Trimmed lines become opening balances: totals stay, and the audit agrees. A process whose clock is years
    ahead trims nothing that is young."""
    till = Till(store, make_settings(ledger_days=1))
    await till.pay(100)
    await till.spend.purses.grant(ANNA.person, 60, "op:1")
    before = await total(till), await total(till, ANNA.person)
    till.clock.now += 10 * 365 * 86_400  # of this process alone
    assert await till.spend.ledger.trim() == 0
    till.clock.now -= 10 * 365 * 86_400
    await till.age(days=2)
    assert await till.spend.ledger.trim() == 3
    assert await store.redis.xlen(f"{ROOT}:ledger") == 0
    assert (await total(till), await total(till, ANNA.person)) == before == (100, 100)
    assert await till.spend.ledger.audit() == []
    await till.pay(30)
    assert (await total(till), await till.spend.ledger.audit()) == (130, [])


async def test_days_are_kept_as_long_as_ledger_days_says_now(store: Store, make_settings: MakeSettings) -> None:
    """A raised LEDGER_DAYS keeps the days booked before; a lowered one does not."""
    before = Till(store, make_settings(ledger_days=1))
    await before.pay(100)
    assert await store.redis.ttl(f"{ROOT}:rows:20522") == -1  # whatever LEDGER_DAYS was then
    raised, lowered = (Till(store, make_settings(ledger_days=days)) for days in (36_525, 1))
    await before.age(days=2)
    await raised.spend.ledger.trim()
    assert await store.redis.exists(f"{ROOT}:rows:20522") == 1
    await lowered.spend.ledger.trim()
    assert await store.redis.exists(f"{ROOT}:rows:20522") == 0


async def test_what_is_trimmed_of_a_merged_account_stays_with_its_purse(
    store: Store, make_settings: MakeSettings
) -> None:
    """Spending and credit from before a link still count in the shared purse after their lines are trimmed."""
    till = Till(store, make_settings(ledger_days=1))
    await till.pay(100, BEN)
    await till.spend.purses.grant(BEN.person, 60, "op:1")
    await till.spend.purses.link(await till.spend.purses.code(ANNA.person), BEN.person)
    await till.age(days=2)
    assert await till.spend.ledger.audit() == []  # it trims first


async def test_a_refund_goes_back_where_it_was_spent(till: Till) -> None:
    """A refund returns the whole cost once, to the day and the extra credit that paid it."""
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
    """Also if a lease was booked in between: a completed request counts once, one that was never sent not at
    all."""
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
    """A refund after the rows of its day were trimmed creates no negative day."""
    request = await till.take(100)
    await till.spend.settle(request, Spent(100))
    await till.store.redis.delete(f"{ROOT}:rows:20522")
    assert await till.spend.purses.refund(request, "op:1") == 100
    assert await till.spend.ledger.usage(1) == []


async def test_a_model_may_have_any_name(till: Till) -> None:
    """A model's name may contain the separators of rows."""
    wanted = Wanted("one", "ask", "vendor|mo/del", 100, 100)
    await till.spend.take(ANNA, wanted)
    await till.spend.settle("one", Spent(100))
    assert [row.model for row in await till.spend.ledger.usage(1)] == ["vendor|mo/del"]
    found = await spending(till.store, 20_522, 1, "model")
    assert [one.name for one in found.top(9)] == ["vendor|mo/del"]
    assert await till.spend.ledger.audit() == []


async def test_nothing_is_trimmed_that_is_kept_for_ever(store: Store, make_settings: MakeSettings) -> None:
    """LEDGER_DAYS may reach back beyond the epoch."""
    till = Till(store, make_settings(ledger_days=36_525))
    await till.pay(100)
    assert await till.spend.ledger.trim() == 0
    assert await till.spend.ledger.audit() == []


async def test_what_became_of_a_request_is_noted_once(till: Till) -> None:
    """Two processes that drop the same order note it once; an unknown request gets no note."""
    request = await till.take(5)
    await till.spend.settle(request, Spent(5))
    for name in (request, request, "never seen"):
        await till.spend.note(name, "dropped")
    assert [line.event for line in await entries(till.spend.ledger)] == ["dropped", "settle", "hold"]


async def test_the_newest_requests_and_what_became_of_each(till: Till) -> None:
    """Of one person, under any of their names, or of everybody: newest first, each once, with the nanos booked
    by now, and whether it can be refunded."""
    spend = till.spend
    settled, released, late, lapsed, corrected = [await till.take(nanos) for nanos in (100, 200, 9, 300, 400)]
    await spend.settle(settled, Spent(70))
    await spend.release(released)
    await spend.release(late)
    await spend.note(late, "late")
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
        corrected: ("settled", 0, False), lapsed: ("lease", 300, True), late: ("late", 0, False),
        released: ("released", 0, False),
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
    assert await spend.ledger.requests(ANNA.person[:-1]) == []


async def test_the_newest_requests_of_a_long_ledger(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page borders do not matter; lines before the newest ones are not searched."""
    monkeypatch.setattr(ledger, "_PAGE", 2)
    monkeypatch.setattr(ledger, "_LOOK_BACK", 6)
    await till.pay(1)
    await till.pay(1)
    await till.pay(1, BEN)
    assert [one.id for one in await till.spend.ledger.requests(ANNA.person)] == ["request-2", "request-1"]
    await till.pay(1, BEN)
    assert [one.id for one in await till.spend.ledger.requests(ANNA.person)] == ["request-2"]


async def test_the_trail_is_kept_as_long_as_the_ledger(till: Till) -> None:
    """Operators' changes are dropped after LEDGER_DAYS, and not before."""
    await till.spend.purses.grant(ANNA.person, 5, "op:1")
    await till.age(till.settings.ledger_days - 1)
    await till.spend.ledger.trim()
    assert len(await till.spend.trail.read()) == 1
    await till.age(days=2)
    await till.spend.tick()
    assert await till.spend.trail.read() == []
