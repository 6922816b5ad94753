"""Answers of a process that stalls, or loses replies of the store."""

import asyncio
from typing import Any

import pytest

from core.errors import StoreError
from core.running import LEASE_S, StopReason
from core.store import Store
from tests.core.test_running import ANNA, Clock, begun, processes
from tests.recording import RecordingReply
from tests.waiting import until


class Stalling(Store):
    """The store as a process sees it that gets nothing done for a while."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.redis, url=store.url, is_embedded=False)
        self.goes = asyncio.Event()
        self.goes.set()
        self.waiting = 0

    async def run(self, *what: Any) -> Any:
        self.waiting += 1
        await self.goes.wait()
        self.waiting -= 1
        return await super().run(*what)


@pytest.mark.parametrize(("is_posted", "is_longer"), [(False, False), (True, False), (True, True)])
async def test_a_process_that_wakes_gives_up_what_was_taken_over(
    store: Store, is_posted: bool, is_longer: bool
) -> None:
    """It stalled beyond its lease, and another process reported the answer as interrupted. If that stands in a
    message of the answer, the answer continues, even with more messages by then; else it ends without one."""
    stalling, clock = Stalling(store), Clock()
    async with processes(1, stalling, clock) as (here,), processes(1, store, clock) as (there,):
        reply = RecordingReply(messages=("m1",) if is_posted else ())
        task, active = await begun(here, reply=reply)
        stalling.goes.clear()
        clock.now += LEASE_S + 1
        (record,) = await there.interrupted()
        assert [one.ref for one in await there.everywhere()] == ["a"]
        if is_longer:
            reply.messages, reply.address = ("m1", "m2"), "test:room:1:2"
        stalling.goes.set()
        if is_posted:
            await until(lambda: here._renewed_at == clock.now)
            assert not active.stopped.done()
            assert active.was_told_of
            active.stop(StopReason.PERSON)
        await task
        assert active.stop_reason is (StopReason.PERSON if is_posted else StopReason.TAKEN)
        await there.release(record.ref)
        assert await there.everywhere() == ()


class Late(Store):
    """The store as a process sees it one of whose calls takes longer than those after it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.redis, url=store.url, is_embedded=False)
        self.goes, self.is_held, self.holds_next = asyncio.Event(), False, False

    async def run(self, *what: Any) -> Any:
        if self.holds_next:
            self.holds_next, self.is_held = False, True
            await self.goes.wait()
        return await super().run(*what)


@pytest.mark.parametrize("renews_first", [True, False])
async def test_a_late_renewal_keeps_no_answer_that_was_handed_over(store: Store, renews_first: bool) -> None:
    """A process that goes hands its answers over at once, also where their renewal is just under way, or comes
    due meanwhile."""
    late, clock = Late(store), Clock()
    async with processes(1, late, clock) as (here,), processes(1, store, clock) as (there,):
        task, _ = await begun(here)
        late.holds_next = True
        if renews_first:
            clock.now += LEASE_S / 2
            await until(lambda: late.is_held)
        task.cancel()
        await until(lambda: late.is_held)
        clock.now += 0 if renews_first else LEASE_S / 2
        await until(lambda: here._leasing._waiters)  # the other of the two
        late.goes.set()
        await asyncio.wait([task])
        await until(lambda: here._renewed_at == clock.now)
        assert [record.ref for record in await there.interrupted()] == ["a"]


async def test_a_machine_that_sleeps_during_a_renewal_renews_when_it_wakes(store: Store) -> None:
    """The lease counts from when the store was asked, so the next renewal does, too."""
    late, clock = Late(store), Clock()
    async with processes(1, late, clock) as (here,):
        task, active = await begun(here)
        late.holds_next = True
        clock.now += LEASE_S / 2
        await until(lambda: late.is_held)
        clock.now += LEASE_S - 1
        late.goes.set()
        await until(lambda: active.kept_until == clock.now + LEASE_S)
        active.stop(StopReason.PERSON)
        await task


async def test_a_process_that_wakes_takes_nothing_from_itself(store: Store) -> None:
    """The first process to look for interrupted answers does not take its own."""
    stalling, clock = Stalling(store), Clock()
    async with processes(1, stalling, clock) as (here,):
        task, active = await begun(here)
        assert await here.interrupted() == ()  # the script is in the store now, so no renewal overtakes it
        stalling.goes.clear()
        clock.now += LEASE_S + 1
        looking = asyncio.create_task(here.interrupted())
        await asyncio.sleep(0)
        stalling.goes.set()
        assert await looking == ()
        await until(lambda: here._renewed_at == clock.now)
        assert not active.stopped.done()
        active.stop(StopReason.PERSON)
        await task


async def test_an_answer_that_could_not_begin_is_not_interrupted(store: Store) -> None:
    """The store recorded the answer, but its reply was lost: the person is told that the store is away, and not
    half a minute later that the answer was interrupted."""

    recorded = []  # after each lost reply

    class Deaf(Store):
        is_deaf = True

        async def run(self, *what: Any) -> Any:
            found = await super().run(*what)
            if self.is_deaf:
                recorded.append(len(await there.everywhere()))
                raise StoreError(cause="no reply")
            return found

    clock, deaf = Clock(), Deaf(store.redis, url=store.url, is_embedded=False)
    async with processes(1, deaf, clock) as (here,), processes(1, store, clock) as (there,):
        with pytest.raises(StoreError):
            async with here.claim("a", ANNA, RecordingReply()):
                raise AssertionError("an answer began that nobody could find again")
        assert recorded[0] == 1
        deaf.is_deaf = False

        async def is_forgotten() -> bool:
            return not await there.everywhere()

        await until(is_forgotten)


async def test_a_clock_that_is_set_back_lets_no_answer_go(store: Store) -> None:
    """An answer that begins after that is kept like every other."""
    clock = Clock()
    async with processes(2, store, clock) as (here, there):
        clock.now -= 3600
        task, active = await begun(here)
        for _ in range(3):
            clock.now += LEASE_S / 2
            await until(lambda: here._renewed_at == clock.now)
            assert await there.interrupted() == ()
        active.stop(StopReason.PERSON)
        await task


async def test_a_full_store_keeps_the_answers_that_live(store: Store, clock: Clock) -> None:
    """While a store is full for longer than a lease, no new answer begins, and no process takes over another's:
    leases are renewed all the same, and an ending answer is released at once."""
    async with processes(2, store, clock) as (here, there):
        task, active = await begun(here)
        await store.redis.config_set("maxmemory", 1)
        try:
            clock.now += LEASE_S - 1
            await until(lambda: active.kept_until == clock.now + LEASE_S)
            clock.now += LEASE_S - 1
            assert await there.interrupted() == ()
            task.cancel()
            await asyncio.wait([task])
            assert [record.ref for record in await there.interrupted()] == ["a"]
        finally:
            await store.redis.config_set("maxmemory", 0)
