"""Periodic work continues, whatever goes wrong once."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from core.errors import StoreError
from core.inbox import Inbox
from core.periodic import pause, repeat
from core.ratelimit import Ratelimit
from core.running import Running
from core.seal import Seal
from core.spend import Spend
from core.store import Store
from core.turn import Person, Turn
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, Till
from tests.faketime import fake_time, now
from tests.recording import RecordingReply
from tests.waiting import until

BYTES_OF_ANOTHER_VERSION = b"\xff"  # no text: whoever reads it finds a bug
QUESTION = Turn(id="t:1", command="ask", person=Person("p:anna", "Anna", "en"), chat="p:1", room="p:1")


class Clock:
    """The real time, but for the moments at which it cannot be read."""

    is_broken = False

    def __call__(self) -> float:
        if self.is_broken:
            raise RuntimeError("what nobody thought of")
        return time.time()


@fake_time
async def test_failed_work_is_tried_again() -> None:
    """An outage of the store is one log line, a bug one with its traceback, each time; the event ends a pause
    at once."""
    stop, turns = asyncio.Event(), list[float]()

    async def work() -> None:
        turns.append(now())
        if len(turns) < 4:
            raise StoreError(cause="away") if len(turns) == 1 else RuntimeError("a bug")

    asyncio.get_running_loop().call_later(9, stop.set)
    with capture_logs() as logs:
        await repeat(work, 2.0, "counting", stop)
    assert turns == [0, 2, 4, 6, 8]
    assert now() == 9
    assert [(line["event"], line["what"], "exc_info" in line) for line in logs] == [
        ("core.store_away", "counting", False),
        ("core.work_broke", "counting", True),
        ("core.work_broke", "counting", True),
    ]


@fake_time
async def test_a_pause_is_no_longer_than_until_the_event() -> None:
    """It ends after its time or at the event, whichever is first."""
    event = asyncio.Event()
    await pause(3, event)
    assert now() == 3
    asyncio.get_running_loop().call_later(1, event.set)
    await pause(3, event)
    assert now() == 4


async def test_answers_are_kept_after_a_bug(store: Store) -> None:
    """After an unreadable stop request is removed, stops of other processes arrive again."""
    stops = "{run}:stops"
    async with Running(store, time.time, look_s=0.01) as here, Running(store, time.time) as there:
        with capture_logs() as logs:
            await store.redis.zadd(stops, {BYTES_OF_ANOTHER_VERSION: time.time()})
            async with here.claim("a", QUESTION, RecordingReply()) as run:
                await until(lambda: [line for line in logs if line.get("what") == "running"])
                await store.redis.zrem(stops, BYTES_OF_ANOTHER_VERSION)
                await there.stop("a", QUESTION)
                await run.stopped


async def test_what_was_delivered_is_kept_after_a_bug(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an unreadable event was left behind, later events of dead processes are taken over all the same."""
    monkeypatch.setattr("core.inbox.TEND_S", 0.01)
    leases, bodies, taken = "{inbox:p}:leases", "{inbox:p}:bodies", list[str]()

    async def again(name: str, body: bytes) -> None:
        taken.append(name)

    seal = Seal("a long enough secret")
    await store.redis.zadd(leases, {BYTES_OF_ANOTHER_VERSION: 0})
    await store.redis.hset(bodies, BYTES_OF_ANOTHER_VERSION, b"x")
    with capture_logs() as logs:
        async with Inbox(store, seal, "p", again):
            await until(lambda: [line for line in logs if line.get("what") == "inbox"])
            await Inbox(store, seal, "p", again).take("7", b"hello")
            await store.redis.zadd(leases, {"7": 0})
            await until(lambda: taken == ["7"])


async def test_holds_are_kept_after_a_bug(store: Store, make_settings: MakeSettings) -> None:
    """After a failure to read the clock, leases of open holds are renewed again."""
    till, clock = Till(store, make_settings(hold_lease_s=1)), Clock()
    async with Spend(store, till.settings, clock) as spend, spend.hold(ANNA, till.wanted(100)):
        await goes_on(store, "{money}:open", clock, "spend")


async def test_places_are_kept_after_a_bug(
    store: Store, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same for the slots of a person's concurrent requests."""
    monkeypatch.setattr("core.ratelimit.SLOT_LEASE_S", 1)
    clock = Clock()
    async with Ratelimit(store, make_settings(), clock).admit("p:anna"):
        await goes_on(store, "{rate:p:anna}:slots", clock, "ratelimit")


async def goes_on(store: Store, leases: str, clock: Clock, what: str) -> None:
    """The clock breaks until somebody has met it; then the one lease of these ends later than before."""

    async def ends() -> float:
        ((_, at),) = await store.redis.zrange(leases, 0, -1, withscores=True)
        return float(at)

    async def is_renewed() -> bool:
        return await ends() > before

    with capture_logs() as logs:
        clock.is_broken = True
        await until(lambda: [line for line in logs if line.get("what") == what])
        clock.is_broken, before = False, await ends()
        await until(is_renewed)
