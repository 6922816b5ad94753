"""Money and time: leases, days and months, and the end of a process."""

import asyncio
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from core.errors import OverBudget, StoreError
from core.money.base import ROOT, today
from core.spend import Spend, Spent
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.conftest import NOON, Clock
from tests.core.money.entries import entries
from tests.core.money.till import ANNA, BEN, Till, usd
from tests.waiting import PATIENCE_S


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    return Till(store, make_settings(user_daily_usd=usd(1000), user_monthly_usd=usd(5000)))


async def booked(till: Till) -> int:
    day = (await till.spend.summary(ANNA)).person_day
    assert day.held_nanos == 0
    return day.booked_nanos


async def test_a_dead_process_pays_after_the_lease(till: Till) -> None:
    """An unrenewed hold is booked as spent after its lease, marked as such, and not before. The log has the
    person and the amount, for a refund."""
    request = await till.take(400)
    till.clock.now += till.settings.hold_lease_s - 1
    assert await till.spend.sweep() == []
    till.clock.now += 2
    with capture_logs() as logs:
        await till.spend.tick()
    assert logs == [
        {
            "event": "spend.lapsed",
            "log_level": "warning",
            "request": request,
            "command": "ask",
            "person": ANNA.person,
            "nanos": 400,
        }
    ]
    assert await booked(till) == 400
    events = [entry.event for entry in await entries(till.spend.ledger, request)]
    assert events == ["lease", "hold"]


async def test_any_hold_books_what_is_over(till: Till) -> None:
    """No sweep is needed: anybody's next hold books expired leases."""
    await till.take(400)
    till.clock.now += till.settings.hold_lease_s + 1
    await till.take(1, BEN)
    assert await booked(till) == 400


async def test_a_clock_that_is_set_back_holds_nobody_up(till: Till) -> None:
    """Also at the moment when a hold meets a lease that expired by the earlier clock."""

    class SetBack(Clock):
        def __call__(self) -> float:
            before, self.now = self.now, min(self.now, NOON)
            return before

    await till.take(400)
    other = Till(till.store, till.settings, SetBack(NOON + till.settings.hold_lease_s + 1))
    async with asyncio.timeout(PATIENCE_S):
        await other.take(1, BEN, request="after that")
    assert await till.spend.holds() == 2


async def test_a_living_process_keeps_its_holds(till: Till) -> None:
    """Holds are renewed while their process lives; one tick renews all holds of the process."""
    async with till.spend.hold(ANNA, till.wanted(400)):
        for _ in range(5):
            till.clock.now += till.settings.hold_lease_s * 0.75
            await till.spend.tick()
        assert (await till.spend.summary(ANNA)).person_day.held_nanos == 400
    order = await till.take(100)
    till.clock.now += 200
    assert await till.spend.renew(order, "gone") == 1
    till.clock.now += 200
    assert await till.spend.sweep() == []


async def test_a_process_with_a_slow_clock_shortens_no_lease(till: Till) -> None:
    """A renewal by a slow clock leaves a longer lease as it is."""
    order = await till.take(100)
    till.clock.now -= 250
    await till.spend.renew(order)
    till.clock.now += 250 + till.settings.hold_lease_s - 1
    assert await till.spend.sweep() == []


async def test_the_truth_corrects_a_lease(till: Till) -> None:
    """A process that was only slow settles after its lease: the actual cost replaces the booking."""
    request = await till.take(400)
    till.clock.now += 1000
    await till.spend.sweep()
    receipt = await till.spend.settle(request, Spent(90, 1, 2))
    assert receipt.spent_nanos == 90
    assert await booked(till) == 90
    unsent = await till.take(300)
    till.clock.now += 1000
    await till.spend.sweep()
    await till.spend.release(unsent)
    assert await booked(till) == 90
    assert await till.spend.ledger.audit() == []


async def test_warnings_come_once_a_period(till: Till) -> None:
    """75 and 90 percent of a person's cap are warned of once each; a jump over both is a warning of 90."""
    receipts = [await till.pay(nanos) for nanos in (740, 10, 10, 139, 1, 50)]
    assert [receipt.crossed for receipt in receipts] == [0, 75, 0, 0, 90, 0]
    assert [receipt.period for receipt in receipts] == ["", "day", "", "", "day", ""]
    till.clock.now += 86_400
    assert [(await till.pay(nanos)).crossed for nanos in (950, 50)] == [90, 0]


async def test_a_warning_says_of_which_period(store: Store, make_settings: MakeSettings) -> None:
    """If one payment passes marks of both periods, the higher one is named, of two equal ones the month's."""
    till = Till(store, make_settings(user_daily_usd=usd(1000), user_monthly_usd=usd(1200)))
    receipt = await till.pay(900)
    assert (receipt.crossed, receipt.period) == (90, "day")
    till.clock.now += 86_400
    receipt = await till.pay(180)
    assert (receipt.crossed, receipt.period) == (90, "month")
    both = Till(store, make_settings(user_daily_usd=usd(1000), user_monthly_usd=usd(1000)), count=till.count)
    receipt = await both.pay(800, BEN)
    assert (receipt.crossed, receipt.period) == (75, "month")


async def test_a_settle_after_midnight_belongs_to_the_day_of_the_hold(till: Till) -> None:
    """A hold counts on the day it was made, and its cost is booked there."""
    till.clock.now = datetime(2026, 3, 31, 23, 59, 50, tzinfo=ZoneInfo("UTC")).timestamp()
    request = await till.take(600)
    till.clock.now += 60
    assert await till.left() == 1000
    await till.spend.settle(request, Spent(500))
    summary = await till.spend.summary(ANNA)
    assert (summary.person_day.booked_nanos, summary.person_month.booked_nanos) == (0, 0)
    assert [nanos for _, nanos in await till.spend.ledger.days(ANNA.person, 2)] == [500, 0]
    assert await till.spend.ledger.audit() == []


async def test_what_is_given_back_of_an_earlier_day_leaves_the_rest_of_it(till: Till) -> None:
    """A refund of one payment leaves the other payments of a past day."""
    await till.pay(30)
    request = await till.take(20)
    await till.spend.settle(request, Spent(20))
    till.clock.now += 86_400
    await till.pay(10)
    await till.spend.purses.refund(request, "op:1")
    assert await till.spend.ledger.audit() == []
    till.clock.now -= 86_400
    assert (await till.spend.summary(ANNA)).person_day.used_nanos == 30


async def test_what_is_held_for_months_keeps_its_day(till: Till) -> None:
    """A day with an open hold is not dropped, however many days follow."""
    await till.pay(30)
    request = await till.take(20)
    for _ in range(40):
        till.clock.now += 86_400
        await till.spend.renew(request)
        await till.pay(1)
    await till.spend.settle(request, Spent(5))
    assert await till.spend.ledger.audit() == []
    till.clock.now = NOON
    assert (await till.spend.summary(ANNA)).person_day.used_nanos == 35


async def test_a_hold_that_its_account_knows_nothing_of_frees_no_room(till: Till) -> None:
    """As one of an older build, recorded elsewhere: its cost is booked, and nothing is returned."""
    await till.pay(30)
    request = await till.take(20)
    name = (await till.store.redis.hget(f"{ROOT}:names", ANNA.person)).decode()
    fields = [field for field in await till.account(ANNA.person) if field[0] == "u"]
    await till.store.redis.hdel(f"{ROOT}:a:{name}", *fields)
    await till.spend.settle(request, Spent(5))
    assert (await till.spend.summary(ANNA)).person_day.used_nanos == 35
    assert await till.spend.ledger.audit() == []


async def test_a_clock_set_back_reopens_nothing(till: Till) -> None:
    """Yesterday's use stays used; a clock that was fast for a while does no lasting harm."""
    await till.pay(1000)
    till.clock.now += 86_400 * 400
    await till.pay(1000)
    till.clock.now = NOON
    with pytest.raises(OverBudget):
        await till.take(1)
    till.clock.now += 86_400
    await till.pay(1000)
    assert await till.spend.ledger.audit() == []


@pytest.mark.parametrize(
    ("moment", "hours"),
    [((2026, 3, 29, 1, 30), 23), ((2026, 10, 25, 2, 30), 25), ((2026, 2, 28, 12, 0), 24)],
)
def test_days_turn_at_local_midnight(moment: tuple[int, ...], hours: int) -> None:
    """Days with a clock change have 23 or 25 hours; a month ends with its last day."""
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(*moment, tzinfo=zone).timestamp()  # type: ignore[arg-type,misc]  # a whole date
    at = today(now, zone)
    start = datetime(*moment[:3], tzinfo=zone).timestamp()  # type: ignore[arg-type,misc]  # a whole date
    assert at.day_ends - start == hours * 3600
    assert today(at.day_ends, zone).day == at.day + 1
    assert today(at.day_ends - 1, zone).day == at.day
    assert today(at.month_ends, zone).month == at.month + 1
    assert today(at.month_ends - 1, zone).month == at.month


async def test_a_settle_that_fails_while_closing_is_repeated(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is away for a moment when the service ends: the cost is booked before the service is gone."""
    real, settling, closing, refusals = Store.run, asyncio.Event(), asyncio.Event(), [True, True]

    async def away_for_a_moment(*args: object) -> object:
        if refusals:
            refusals.pop()
            settling.set()
            await closing.wait()
            raise StoreError(cause="away")
        return await real(*args)  # type: ignore[arg-type]  # passed on as it came

    async def answer() -> None:
        async with till.spend.hold(ANNA, till.wanted(400)) as hold:
            hold.book(Spent(77))
            monkeypatch.setattr(Store, "run", away_for_a_moment)

    async with till.spend:
        answering = asyncio.create_task(answer())
        await settling.wait()
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
        asyncio.get_running_loop().call_later(0.01, closing.set)
    assert await booked(till) == 77


async def test_closing_waits_for_open_settles(store: Store, make_settings: MakeSettings) -> None:
    """Open settles are booked before the service ends."""
    till = Till(store, make_settings())
    async with till.spend:
        request = await till.take(400)
        work = asyncio.create_task(_settle_later(till.spend, request))
        await asyncio.sleep(0)
        work.cancel()
    assert await booked(till) == 5


async def _settle_later(spend: Spend, request: str) -> None:
    await asyncio.shield(spend._track(spend.settle(request, Spent(5))))


async def test_an_absent_store_does_not_hold_up_the_end(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be settled when the service ends is left to its lease."""

    async def away(*_: object) -> object:
        raise StoreError(cause="away")

    monkeypatch.setattr("core.spend._CLOSING_PATIENCE_S", 0)
    with capture_logs() as logs:
        async with till.spend, till.spend.hold(ANNA, till.wanted(400)) as hold:
            hold.book(Spent(123))
            monkeypatch.setattr(Store, "run", away)
    assert [line["count"] for line in logs if line["event"] == "spend.unsettled"] == [1]
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
