"""Holds end, money is booked once, and no cap is exceeded."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import structlog.testing

from core.errors import OverBudget, Refused, StoreError
from core.money.base import MOST_BOOKED_NANOS, ROOT
from core.spend import Payer, Spend, Spent, Wanted
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, BEN, Till, usd
from tests.waiting import until


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    caps = {
        "user_daily_usd": usd(1000),
        "user_monthly_usd": usd(5000),
        "chat_daily_usd": usd(1500),
        "chat_monthly_usd": "off",
    }
    return Till(store, make_settings(**caps, global_daily_usd=usd(2000), global_monthly_usd="off"))


async def test_a_hold_is_settled_with_what_was_booked(till: Till) -> None:
    """Leaving a hold books the actual cost, returns the rest, and reports what is left."""
    with structlog.testing.capture_logs() as logs:
        async with till.spend.hold(ANNA, till.wanted(400)) as hold:
            assert await till.left() == hold.left_nanos == 600
            hold.book(Spent(150, 10, 20))
    assert {line["log_level"] for line in logs} == {"info"}
    assert not till.spend._open  # or it would be renewed for ever
    assert hold.receipt is not None
    assert (hold.receipt.spent_nanos, hold.receipt.left_nanos) == (150, 850)
    summary = await till.spend.summary(ANNA)
    assert (summary.person_day.booked_nanos, summary.person_day.held_nanos) == (150, 0)
    assert summary.models == (("gpt-4o-mini", 150),)
    assert await till.spend.ledger.audit() == []


async def test_a_chat_with_the_name_of_its_person_is_counted_once(till: Till) -> None:
    """A person and chat of the same name share one account, and the audit agrees."""
    async with till.spend.hold(Payer(ANNA.person, ANNA.person), till.wanted(400)) as hold:
        assert await till.spend.ledger.audit() == []
        hold.book(Spent(150))
    assert (await till.spend.summary(ANNA)).person_day.booked_nanos == 150
    assert not await till.store.redis.exists(f"{ROOT}:a:")  # no account without a name
    assert await till.spend.ledger.audit() == []


async def test_a_refusal_opens_no_account(till: Till) -> None:
    """A person who never had room under a cap leaves nothing in the store; a granted hold has its accounts."""
    payer = Payer("here:1", "here:chat:1", alone=True)
    with pytest.raises(OverBudget):
        await till.take(1001, payer)
    assert await till.store.redis.keys("*") == []
    for _ in range(2):
        await till.take(500, payer)
    assert await till.store.redis.hlen(f"{ROOT}:names") == 2
    assert await till.store.redis.hgetall(f"{ROOT}:alone") == {b"here:1": b"here:chat:1"}


async def test_a_hold_without_a_booking_is_released(till: Till) -> None:
    """A request that was never sent costs nothing, also after an error."""
    with pytest.raises(ZeroDivisionError):
        async with till.spend.hold(ANNA, till.wanted(400)):
            raise ZeroDivisionError
    assert await till.left() == 1000


async def test_a_cancelled_answer_pays_for_what_came(till: Till) -> None:
    """A cancellation does not lose the settle of what was booked before."""
    entered = asyncio.Event()

    async def answer() -> None:
        async with till.spend.hold(ANNA, till.wanted(400)) as hold:
            hold.book(Spent(77))
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(answer())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: _booked(till, 77))


async def test_an_impatient_end_still_settles(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second cancellation during the settle does not stop it."""
    real, settling, go_on = Spend.settle, asyncio.Event(), asyncio.Event()

    async def slow(*args: object) -> object:
        settling.set()
        await go_on.wait()
        return await real(*args)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(Spend, "settle", slow)

    async def answer() -> None:
        async with till.spend.hold(ANNA, till.wanted(400)) as hold:
            hold.book(Spent(77))

    task = asyncio.create_task(answer())
    await settling.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await until(lambda: _booked(till, 77))


async def _booked(till: Till, nanos: int) -> bool:
    day = (await till.spend.summary(ANNA)).person_day
    return (day.booked_nanos, day.held_nanos) == (nanos, 0)


async def test_cancelled_while_entering_leaves_no_hold(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller cancelled while the store answers leaves nothing held."""
    real, taken, go_on = Store.run, asyncio.Event(), asyncio.Event()

    async def slow(*args: object) -> object:
        reply = await real(*args)  # type: ignore[arg-type]  # passed on as it came
        taken.set()
        await go_on.wait()
        return reply

    monkeypatch.setattr(Store, "run", slow)
    task = asyncio.create_task(till.spend.hold(ANNA, till.wanted(400)).__aenter__())
    await taken.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    async with till.spend:
        pass
    assert await till.left() == 1000


async def test_less_is_granted_where_it_is_still_useful(till: Till) -> None:
    """If the worst case does not fit but the least does, all that is left is granted."""
    await till.pay(900)
    hold = await till.spend.take(ANNA, till.wanted(400, 100))
    assert hold.nanos == 100


@pytest.mark.parametrize(
    ("paid_by", "scope", "period", "left"),
    [(ANNA, "person", "day", 100), (Payer("x:1", ANNA.chat), "chat", "day", 600), (BEN, "all", "day", 700)],
)
async def test_a_refusal_says_which_cap_and_until_when(
    till: Till, paid_by: Payer, scope: str, period: str, left: int
) -> None:
    """A refusal names the binding cap, what is left of it, the price and the reset time."""
    await till.pay(900)
    if scope == "all":
        await till.pay(400, Payer("x:2", "x:guild:9"))
    with pytest.raises(OverBudget) as refusal:
        await till.take(1000, paid_by, least=701)
    data = refusal.value.data
    midnight = datetime(2026, 3, 11, tzinfo=ZoneInfo("UTC")).timestamp()
    expected = {"scope": scope, "period": period, "left_nanos": left, "cost_nanos": 1000}
    assert data == {**expected, "resets_at": midnight, "renews": "yes"}


async def test_the_longest_binding_cap_is_named(store: Store, make_settings: MakeSettings) -> None:
    """If day and month are both used up, the month is named: waiting for midnight would not help."""
    till = Till(store, make_settings(user_daily_usd=usd(100), user_monthly_usd=usd(100)))
    await till.pay(100)
    with pytest.raises(OverBudget) as refusal:
        await till.take(1)
    april = datetime(2026, 4, 1, tzinfo=ZoneInfo("UTC")).timestamp()
    assert (refusal.value.data["period"], refusal.value.data["resets_at"]) == ("month", april)


async def test_zero_allows_nothing_and_off_everything(store: Store, make_settings: MakeSettings) -> None:
    """A cap of 0 refuses a single nano-dollar; "off" is no cap."""
    closed = Till(store, make_settings(user_daily_usd="0"))
    with pytest.raises(OverBudget):
        await closed.take(1)
    names = ("user_daily", "user_monthly", "chat_daily", "chat_monthly", "global_daily", "global_monthly")
    open_till = Till(store, make_settings(**{f"{name}_usd": "off" for name in names}), count=10)
    receipt = await open_till.pay(10**13)
    assert receipt.left_nanos is None
    assert (await open_till.spend.take(ANNA, open_till.wanted(10**13))).left_nanos is None


@pytest.mark.parametrize("scope", ["user", "chat", "global"])
@pytest.mark.parametrize("period", ["daily", "monthly"])
async def test_each_cap_holds_alone(store: Store, make_settings: MakeSettings, scope: str, period: str) -> None:
    """Each of the six caps refuses by itself, for held and for booked money."""
    off = {f"{name}_{span}_usd": "off" for name in ("user", "chat", "global") for span in ("daily", "monthly")}
    till = Till(store, make_settings(**{**off, f"{scope}_{period}_usd": usd(100)}))
    await till.pay(30)
    await till.take(30)
    assert (await till.spend.take(ANNA, till.wanted(100, 1))).nanos == 40
    with pytest.raises(OverBudget):
        await till.take(1)
    till.clock.now += 86_400
    if period == "monthly":
        with pytest.raises(OverBudget):
            await till.take(1)
        till.clock.now += 22 * 86_400
    assert (await till.spend.take(ANNA, till.wanted(100, 1))).nanos == 100


async def test_a_request_is_paid_once(till: Till) -> None:
    """A second settle books nothing, a second hold returns the first one, and a paid id cannot be held."""
    first = await till.spend.take(ANNA, till.wanted(300, request="same"))
    again = await till.spend.take(ANNA, till.wanted(200, request="same"))
    assert (again.nanos, first.nanos) == (300, 300)
    one = await till.spend.settle("same", Spent(100))
    two = await till.spend.settle("same", Spent(250))
    assert (one.spent_nanos, two.spent_nanos) == (100, 100)
    await till.spend.release("same")
    with pytest.raises(Refused, match="seen"):
        await till.take(1, request="same")
    assert await _booked(till, 100)
    assert await till.spend.ledger.audit() == []


async def test_releasing_twice_gives_back_once(till: Till) -> None:
    """Releasing again does nothing, and the id may be tried again, as nothing was paid."""
    await till.take(300, request="same")
    await till.spend.release("same")
    await till.spend.release("same")
    await till.spend.release("never held")
    assert await till.left() == 1000
    assert (await till.spend.take(ANNA, till.wanted(10, request="same"))).nanos == 10


@pytest.mark.parametrize("is_late", [False, True])
async def test_an_overrun_is_booked_in_full_and_seen_by_the_next(till: Till, is_late: bool) -> None:
    """Usage above the hold is booked as it is, alarmed, and reduces the next hold; also after the lease."""
    with structlog.testing.capture_logs() as logs:
        request = await till.take(800)
        till.clock.now += 1000 * is_late
        await till.spend.sweep()
        receipt = await till.spend.settle(request, Spent(1200))
    assert receipt.spent_nanos == 1200
    assert receipt.left_nanos == (None if is_late else 0)
    assert list(till.spend.overruns) == [(request, 800, 1200)]
    assert [line["log_level"] for line in logs if line["event"] == "spend.overrun"] == ["error"]
    with pytest.raises(OverBudget) as refusal:
        await till.take(1)
    assert refusal.value.data["left_nanos"] == 0
    assert await till.spend.ledger.audit() == []


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize(("nanos", "booked"), [(-5, 800), (10**30, MOST_BOOKED_NANOS)])
async def test_absurd_usage_is_bounded_and_alarmed(till: Till, nanos: int, booked: int, is_late: bool) -> None:
    """A negative cost books the whole hold, an impossible one the documented bound; both raise an alarm, also
    after the lease."""
    with structlog.testing.capture_logs() as logs:
        request = await till.take(800)
        till.clock.now += 1000 * is_late
        await till.spend.sweep()
        receipt = await till.spend.settle(request, Spent(nanos, -3, 10**30))
    assert receipt.spent_nanos == booked
    assert "spend.absurd" in [line["event"] for line in logs]
    (row,) = await till.spend.ledger.usage(1)
    assert (row.prompt_tokens, row.completion_tokens) == (0, 10**12)
    assert await till.spend.ledger.audit() == []


async def test_what_was_never_held_books_nothing(till: Till) -> None:
    """A settle for an unknown request is an alarm, not a charge."""
    with structlog.testing.capture_logs() as logs:
        receipt = await till.spend.settle("nobody", Spent(5))
    assert receipt.spent_nanos == 0
    assert "spend.unknown" in [line["event"] for line in logs]


async def test_a_settle_outlives_an_absent_store(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the store goes away between hold and settle, the answer ends, and the settle is repeated."""
    real, refusals = Store.run, [True, True, True]

    async def broken(*args: object) -> object:
        if refusals:
            refusals.pop()
            raise StoreError(cause="away")
        return await real(*args)  # type: ignore[arg-type]  # passed on as it came

    async with till.spend.hold(ANNA, till.wanted(400)) as hold:
        hold.book(Spent(123))
        monkeypatch.setattr(Store, "run", broken)
    assert hold.receipt is None
    await until(lambda: not refusals)
    await until(lambda: _booked(till, 123))


async def test_a_lost_reply_to_a_hold_holds_nothing(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the store took the hold but its reply was lost, the caller spends nothing, and the hold is
    released."""
    real, lost = Store.run, [True]

    async def forgetful(*args: object) -> object:
        reply = await real(*args)  # type: ignore[arg-type]  # passed on as it came
        if lost:
            lost.pop()
            raise StoreError(cause="the reply was lost")
        return reply

    monkeypatch.setattr(Store, "run", forgetful)
    with pytest.raises(StoreError):
        await till.spend.hold(ANNA, till.wanted(400)).__aenter__()
    await until(lambda: _booked(till, 0))
    assert await till.left() == 1000


async def test_one_step_is_one_round_trip(till: Till) -> None:
    """Hold and settle are one call each, with any number of caps."""
    await till.pay(1)
    before = await till.store.redis.info("commandstats")
    await till.pay(1)
    after = await till.store.redis.info("commandstats")
    assert after["cmdstat_evalsha"]["calls"] - before["cmdstat_evalsha"]["calls"] == 2


async def test_every_key_ends_or_is_meant_to_stay(till: Till) -> None:
    """Every key of money has a TTL, is on the list of permanent keys, or belongs to an open request."""
    from fnmatch import fnmatchcase

    from core.money.base import PERMANENT, key

    await till.pay(5)
    held = key("q", await till.take(5)).encode()
    await till.spend.purses.code(ANNA.person)
    await till.spend.purses.grant(ANNA.person, 5, "op")
    await till.spend.purses.forget(ANNA.person)
    with pytest.raises(Exception, match="link-unknown"):
        await till.spend.purses.link("nonsense", BEN.person)
    async for name in till.store.redis.scan_iter():
        permanent = any(fnmatchcase(name.decode(), pattern) for pattern in PERMANENT)
        assert permanent or name == held or await till.store.redis.ttl(name) > 0, name
    till.clock.now += 86_400
    await till.spend.sweep()
    assert await till.store.redis.ttl(held) > 0


def test_an_invalid_amount_is_refused() -> None:
    """The least may not exceed the worst case, and neither may be negative."""
    with pytest.raises(ValueError, match="least"):
        Wanted("r", "ask", "m", 5, 6)


@pytest.mark.parametrize("cap", ["user_daily_usd", "chat_monthly_usd", "global_daily_usd"])
async def test_a_cap_of_nothing_holds_for_what_is_free(
    store: Store, make_settings: MakeSettings, cap: str
) -> None:
    """A cap of 0 refuses free requests, too; extra credit lifts a person's own cap, as always."""
    till = Till(store, make_settings(**{cap: 0}))
    with pytest.raises(OverBudget) as refusal:
        await till.take(0)
    scope, period = refusal.value.data["scope"], refusal.value.data["period"]
    assert cap.startswith({"person": "user", "chat": "chat", "all": "global"}[str(scope)])
    assert str(period) in {"daily": "day", "monthly": "month"}[cap.split("_")[1]]
    await till.spend.purses.grant(ANNA.person, 100, "op:1")
    if scope == "person":
        assert (await till.pay(0)).spent_nanos == 0
    else:
        with pytest.raises(OverBudget):
            await till.take(0)
    assert await till.spend.ledger.audit() == []


@pytest.mark.parametrize(
    "payer", [ANNA, Payer("here:1", ""), Payer("here:1", "here:1"), Payer("new:1", "new:2")]
)
@pytest.mark.parametrize("credit", [0, 300])
async def test_a_look_says_what_a_hold_would_say(till: Till, payer: Payer, credit: int) -> None:
    """Whatever cap binds, a check and a hold agree; a check leaves nothing in the store."""
    neighbour = Payer("here:9", ANNA.chat)
    await till.pay(1000, neighbour)  # of 1500 of the chat, and of 2000 of everybody
    await till.pay(300)
    if credit:
        await till.spend.purses.grant(ANNA.person, credit, "test")
    for nanos in (0, 1, 200, 201, 700, 701, 1000):
        before = await till.store.redis.xlen(f"{ROOT}:ledger")
        wanted, is_let, is_held = till.wanted(nanos), True, True
        try:
            await till.spend.check_affordable(payer, wanted)
        except OverBudget:
            is_let = False
        assert await till.store.redis.xlen(f"{ROOT}:ledger") == before
        try:
            await till.spend.release((await till.spend.take(payer, wanted)).request)
        except OverBudget:
            is_held = False
        assert is_let == is_held
