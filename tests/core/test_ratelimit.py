"""Limits on how fast and how many at once, across processes."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from core import ratelimit
from core.errors import Busy
from core.ratelimit import SLOT_LEASE_S, Ratelimit
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.conftest import Clock
from tests.waiting import until


@pytest.fixture
def processes(store: Store, make_settings: MakeSettings, clock: Clock) -> list[Ratelimit]:
    """Two processes on one store."""
    settings = make_settings(user_concurrency=2, user_per_minute=12)
    return [Ratelimit(store, settings, clock) for _ in range(2)]


async def enter(ratelimit: Ratelimit, person: str = "here:1") -> float:
    """One request that is over at once; seconds to wait where it is refused."""
    try:
        async with ratelimit.admit(person):
            return 0
    except Busy as error:
        return float(error.data["retry_after"])


async def test_so_many_at_once(processes: list[Ratelimit]) -> None:
    """Two requests of a person run at once over all processes; the third is refused with a time to come
    back."""
    one, two = processes
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(one.admit("here:1"))
        await stack.enter_async_context(two.admit("here:1"))
        assert [await enter(one) > 0 for _ in range(4)] == [True] * 4
        assert await enter(one, "here:2") == 0
    assert await enter(one) == 0  # what was refused counts in no minute


async def test_so_many_a_minute(processes: list[Ratelimit], clock: Clock) -> None:
    """Four at once, then one every five seconds; the refusal gives the right time."""
    assert [await enter(processes[n % 2]) for n in range(5)] == [0, 0, 0, 0, 5]
    clock.now += 4.5
    assert await enter(processes[0]) == 1
    clock.now += 1
    assert [await enter(processes[0]) for _ in range(2)] == [0, 5]


async def test_a_minute_has_no_more_than_it_says(processes: list[Ratelimit], clock: Clock) -> None:
    """A person who keeps trying gets twelve a minute on average."""
    granted = 0
    for _ in range(600):
        granted += await enter(processes[0]) == 0
        clock.now += 1
    assert 120 <= granted <= 124


async def test_a_dead_process_frees_its_slots(processes: list[Ratelimit], clock: Clock, store: Store) -> None:
    """A slot that is not renewed becomes free; a renewed one does not."""
    one, two = processes
    await one._enter("here:1", "dead")
    await one._enter("here:1", "alive")
    clock.now += SLOT_LEASE_S - 1
    await store.redis.pexpire("{rate:here:1}:slots", 1000)  # the store's clock goes by itself
    await one.renew("here:1", "alive")
    assert await store.redis.pttl("{rate:here:1}:slots") > 1000
    assert await enter(two) > 0
    clock.now += 2
    assert await enter(two) == 0
    async with two.admit("here:1"):
        assert await enter(two) > 0


async def test_a_cancelled_request_frees_its_slot(processes: list[Ratelimit], store: Store) -> None:
    """However a request ends, its slot is free."""
    inside = asyncio.Event()

    async def ask() -> None:
        async with processes[0].admit("here:1"):
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(ask())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.redis.zcard("{rate:here:1}:slots") == 0


async def test_a_long_request_keeps_its_slot(
    processes: list[Ratelimit], clock: Clock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease is renewed as long as it runs."""
    monkeypatch.setattr(ratelimit, "SLOT_LEASE_S", 6.0)  # the store's clock goes on; ours is at the test's will

    async def ends() -> float:
        ((_, end),) = await store.redis.zrange("{rate:here:1}:slots", 0, -1, withscores=True)
        return float(end)

    async with processes[0].admit("here:1"):
        begun = await ends()
        clock.now += 2

        async def is_renewed() -> bool:
            return await ends() == begun + 2000

        await until(is_renewed)


async def test_a_late_renewal_brings_no_slot_back(processes: list[Ratelimit], store: Store) -> None:
    """A renewal under way when the request ends does not take the slot again."""
    await processes[0]._enter("here:1", "over")
    await processes[0]._leave("here:1", "over")
    await processes[0].renew("here:1", "over")
    assert await store.redis.zcard("{rate:here:1}:slots") == 0


async def test_what_renews_a_slot_ends_with_its_request(processes: list[Ratelimit]) -> None:
    """No task of a request is left running."""
    before = asyncio.all_tasks()
    await enter(processes[0])
    assert asyncio.all_tasks() <= before


async def test_a_clock_that_was_ahead_blocks_nobody_for_long(processes: list[Ratelimit], clock: Clock) -> None:
    """After a clock is set back, a person waits for the time of one burst at most."""
    clock.now += 86_400
    await enter(processes[0])
    clock.now -= 86_400
    assert await enter(processes[0]) <= 5


async def test_its_keys_end(processes: list[Ratelimit], store: Store) -> None:
    """Nothing stays for a person who does not come back."""
    await processes[0].attempt("login:1.2.3.4", 3, 10)
    async with processes[0].admit("here:1"):
        ttls = [await store.redis.pttl(key) async for key in store.redis.scan_iter()]
    assert len(ttls) == 3
    assert all(0 < ttl <= 60_000 for ttl in ttls)


async def test_tries_from_one_place(processes: list[Ratelimit], clock: Clock) -> None:
    """A number of tries at once over all processes, then one each interval; a refused try does not count, nor
    does a mere check."""
    one, two = processes
    for number in range(3):
        await one.peek("login:1.2.3.4", 3, 30)
        await (one, two)[number % 2].attempt("login:1.2.3.4", 3, 30)
    for _ in range(5):
        with pytest.raises(Busy):
            await one.peek("login:1.2.3.4", 3, 30)
        with pytest.raises(Busy) as refused:
            await two.attempt("login:1.2.3.4", 3, 30)
        assert refused.value.data["retry_after"] == 30
    await one.attempt("login:5.6.7.8", 3, 30)
    clock.now += 30
    await one.attempt("login:1.2.3.4", 3, 30)
    with pytest.raises(Busy):
        await one.attempt("login:1.2.3.4", 3, 30)
