"""Answers under way: stopping them from anywhere, repairing them after a crash, waiting for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import NamedTuple

import pytest

from core.errors import NotAllowed, StoreError
from core.running import GIVE_UP_S, LEASE_S, REPAIR_S, ActiveAnswer, Running, StopReason
from core.store import Store, open_store
from core.turn import Person, Turn
from tests.conftest import MakeSettings
from tests.core.conftest import Clock
from tests.recording import RecordingReply
from tests.waiting import until

ANNA = Turn(id="t:1", command="ask", person=Person("p:anna", "Anna", "de"), chat="p:guild:1", room="p:room:1")
BOB = replace(ANNA, id="t:2", person=Person("p:bob", "Bob"))


@asynccontextmanager
async def processes(count: int, store: Store, clock: Clock) -> AsyncIterator[list[Running]]:
    """Several processes as the store sees them."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Running(store, clock, look_s=0.01)) for _ in range(count)]


class Begun(NamedTuple):
    """An answer, and the task that makes it."""

    task: asyncio.Task[None]
    active: ActiveAnswer


async def begun(
    running: Running, ref: str = "a", turn: Turn = ANNA, *, reply: RecordingReply | None = None
) -> Begun:
    """An answer that goes on until it is stopped."""
    claimed: asyncio.Future[ActiveAnswer] = asyncio.get_running_loop().create_future()

    async def answer() -> None:
        async with running.claim(ref, turn, reply or RecordingReply()) as active:
            claimed.set_result(active)
            await active.stopped

    return Begun(asyncio.create_task(answer()), await claimed)


async def kill(task: asyncio.Task[None], running: Running) -> None:
    """The process is gone: nothing is renewed, released or handed over any more."""
    running._keeper.cancel()
    running._store = None  # type: ignore[assignment]  # what a dead process can still do: nothing
    task.cancel()
    await asyncio.wait([task])


async def test_stop_reaches_the_answer_in_any_process(store: Store, clock: Clock) -> None:
    """A stop from the same or another process ends the answer, with the reason; so do two at once."""
    async with processes(2, store, clock) as (here, there):
        for ref, presses in (("a", here), ("b", there)):
            task, active = await begun(here, ref)
            assert await presses.stop(ref, ANNA)
            await task
            assert active.stop_reason is StopReason.PERSON
            assert not await presses.stop(ref, ANNA)
        both = [await begun(here, ref) for ref in "de"]
        await asyncio.gather(*(there.stop(ref, ANNA) for ref in "de"))
        await asyncio.gather(*(task for task, _ in both))
        task, _ = await begun(here, "c")
        here._find = None  # type: ignore[assignment,method-assign]  # its own are stopped while the store is away
        assert await here.stop("c", ANNA)
        await task


async def test_stop_crosses_processes_on_a_cluster(cluster_store: Store, clock: Clock) -> None:
    """The same on a cluster: start, stop from elsewhere, list, release."""
    async with processes(2, cluster_store, clock) as (here, there):
        task, _ = await begun(here)
        assert [record.ref for record in await there.everywhere()] == ["a"]
        assert await there.stop_all(ANNA) == 1
        await task
        assert await there.everywhere() == ()
        clock.now += LEASE_S * 10
        assert await there.interrupted() == ()


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_only_the_asker_and_moderators_of_that_chat_stop(
    store: Store, clock: Clock, elsewhere: bool
) -> None:
    """Other people, and a moderator of another chat, are refused; a moderator of this chat is not."""
    moderator = replace(BOB, person=replace(BOB.person, is_moderator=True))
    async with processes(2, store, clock) as both:
        task, active = await begun(both[0])
        presses = both[elsewhere]
        for stranger in (BOB, replace(moderator, chat="p:guild:2")):
            with pytest.raises(NotAllowed):
                await presses.stop("a", stranger)
        assert not active.stopped.done()
        assert await presses.stop("a", moderator)
        await task


async def test_stop_without_a_name_stops_all_of_that_person_in_that_room(store: Store, clock: Clock) -> None:
    """/stop ends the person's answers of this room in every process, and nobody else's."""
    async with processes(2, store, clock) as (here, there):
        mine = [await begun(here, "a"), await begun(here, "b"), await begun(there, "c")]
        others = [await begun(here, "d", replace(ANNA, room="p:room:2")), await begun(here, "e", BOB)]
        assert await here.stop_all(ANNA) == 3
        await asyncio.gather(*(task for task, _ in mine))
        assert not any(active.stopped.done() for _, active in others)
        assert await there.stop_all(replace(ANNA, room="p:room:3")) == 0
        for task, active in others:
            active.stop(StopReason.RESTART)
            await task


async def test_an_answer_whose_process_died_is_found_once(store: Store, clock: Clock) -> None:
    """After the lease exactly one of the looking processes gets the answer, with all that its repair needs;
    released, it is gone."""
    async with processes(4, store, clock) as (dying, *others):
        task, _ = await begun(dying, reply=RecordingReply(address="p:1:2"))
        await kill(task, dying)
        assert await others[0].interrupted() == ()
        clock.now += LEASE_S + 1
        found = await asyncio.gather(*(running.interrupted() for running in others * 3))
        (record,) = [record for records in found for record in records]
        assert (record.ref, record.request, record.address) == ("a", "t:1", "p:1:2")
        assert (record.person, record.room, record.locale, record.command) == (
            "p:anna",
            "p:room:1",
            "de",
            "ask",
        )
        await others[0].release("a")
        clock.now += REPAIR_S * 10
        assert await others[1].interrupted() == ()


async def test_who_serves_alone_waits_for_no_lease(store: Store, clock: Clock) -> None:
    """The only process on a store finds at once what its predecessor left, including repairs that it had
    started; not an answer in a terminal, which has its own process, nor one of its own."""
    async with processes(2, store, clock) as (dying, terminal):
        elsewhere = await begun(terminal, "t", reply=RecordingReply(address=""))
        left = [await begun(dying, ref, reply=RecordingReply(address=f"p:1:{ref}")) for ref in "ab"]
        await asyncio.gather(*(kill(task, dying) for task, _ in left))
        clock.now += 1
        async with Running(store, clock, alone=True) as alone:
            own = await begun(alone, "own")
            assert {record.ref for record in await alone.interrupted()} == {"a", "b"}
            assert await alone.interrupted() == ()
            own.active.stop(StopReason.PERSON)
            await own.task
        clock.now += 1
        async with Running(store, clock, alone=True) as alone:
            assert {record.ref for record in await alone.interrupted()} == {"a", "b"}
        elsewhere.active.stop(StopReason.PERSON)
        await elsewhere.task


async def test_a_repair_that_dies_too_is_taken_up_again(store: Store, clock: Clock) -> None:
    """An interrupted answer that was not released is found again, at once where it was given back; after a day
    it is dropped."""
    async with processes(2, store, clock) as (dying, other):
        task, _ = await begun(dying)
        await kill(task, dying)
        clock.now += LEASE_S + 1
        (record,) = await other.interrupted()
        await other.give_back(record)
        assert await other.interrupted() == (record,)
        assert len(await other.interrupted()) == 0
        clock.now += REPAIR_S + 1
        assert len(await other.interrupted()) == 1
        clock.now += GIVE_UP_S
        assert len(await other.interrupted()) == 0
        assert await other.everywhere() == ()


async def test_a_living_process_keeps_its_answers(store: Store, clock: Clock) -> None:
    """Leases are renewed as long as the answer takes; a long answer is never reported as interrupted."""
    async with processes(2, store, clock) as (here, there):
        task, active = await begun(here)
        for _ in range(10):
            clock.now += LEASE_S / 2
            await until(lambda: _lease_is_ahead(store, clock))
            assert await there.interrupted() == ()
        active.stop(StopReason.PERSON)
        await task


async def _lease_is_ahead(store: Store, clock: Clock) -> bool:
    return float(await store.redis.zscore("{run}:leases", "a")) >= clock.now + LEASE_S / 2 + 1


async def test_a_cancelled_answer_is_handed_over_at_once(store: Store, clock: Clock) -> None:
    """Cancelled at shutdown, an answer is found by the next process without waiting for its lease."""
    async with processes(2, store, clock) as (here, there):
        task, _ = await begun(here)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert [record.ref for record in await there.interrupted()] == ["a"]


async def test_what_begins_once_more_drops_its_own_record_alone(store: Store, clock: Clock) -> None:
    """An answer that a dead process left is begun again: nobody shows the old one as interrupted."""
    async with processes(2, store, clock) as (dying, here):
        await kill((await begun(dying)).task, dying)
        task, active = await begun(here, "b", BOB)
        await here.drop(ANNA.id)
        assert [record.ref for record in await here.everywhere()] == ["b"]
        active.stop(StopReason.PERSON)
        await task


async def test_the_record_follows_a_reply_that_moves(store: Store, clock: Clock) -> None:
    """The record has the newest address, which is known only after the first message was posted."""
    async with processes(1, store, clock) as (here,):
        reply = RecordingReply(address="p:not-posted")
        task, active = await begun(here, reply=reply)
        reply.address = "p:posted:7"

        async def moved() -> bool:
            return [record.address for record in await here.everywhere()] == ["p:posted:7"]

        await until(moved)
        reply.address = "p:posted:8"
        await here.follow("a")  # no tick is waited for
        assert [record.address for record in await here.everywhere()] == ["p:posted:8"]
        active.stop(StopReason.PERSON)
        await task


async def test_a_deleted_message_stops_its_answer(store: Store, clock: Clock) -> None:
    """A deleted message of an answer, or a deleted question, stops that answer and no other."""
    async with processes(1, store, clock) as (here,):
        a, b, c = [
            await begun(
                here, ref, replace(ANNA, message=f"q-{ref}"), reply=RecordingReply(messages=(f"m-{ref}",))
            )
            for ref in "abc"
        ]
        here.message_deleted("p:room:2", "m-c")
        here.message_deleted("p:room:1", "m-a")
        here.message_deleted("p:room:1", "q-b")
        assert a.active.stop_reason is b.active.stop_reason is StopReason.DELETED
        assert not c.active.stopped.done()
        c.active.stop(StopReason.PERSON)
        await asyncio.gather(a.task, b.task, c.task)


async def test_shutdown_waits_then_cuts(store: Store, clock: Clock) -> None:
    """drain waits for short answers, stops long ones in time, and counts those that do not end."""
    async with processes(1, store, clock) as (here,):
        assert await here.drain(5) == 0
        only = await begun(here, "only")
        draining = asyncio.create_task(here.drain(600))
        only.active.stop(StopReason.PERSON)
        await until(draining.done)
        short, long = await begun(here, "short"), await begun(here, "long")
        async with here.claim("deaf", ANNA, RecordingReply()) as deaf:
            draining = asyncio.create_task(here.drain(0.4))
            short.active.stop(StopReason.PERSON)
            assert await draining == 1
        assert [one.stop_reason for one in (short.active, long.active, deaf)] == [
            StopReason.PERSON,
            StopReason.RESTART,
            StopReason.RESTART,
        ]
        await asyncio.gather(short.task, long.task)


async def test_an_answer_that_begins_during_the_shutdown_is_cut_too(store: Store, clock: Clock) -> None:
    """It may begin, and is then stopped like the others."""
    async with processes(1, store, clock) as (here,):
        assert await here.drain(0.1) == 0
        async with here.claim("late", ANNA, RecordingReply()) as active:
            await active.stopped
        assert active.stop_reason is StopReason.RESTART


async def test_health_sees_how_many_and_how_old(store: Store, clock: Clock) -> None:
    """The ages of this process's answers, and the records of all processes, oldest first."""
    async with processes(2, store, clock) as (here, there):
        made = []
        for ref, running in (("old", here), ("young", here), ("far", there)):
            made.append(await begun(running, ref))
            clock.now += 5
        assert here.ages == (15, 10)
        assert [record.ref for record in await here.everywhere()] == ["old", "young", "far"]
        for task, active in made:
            active.stop(StopReason.PERSON)
            await task
        assert here.ages == ()


async def test_an_answer_that_ends_while_the_store_is_away_is_not_interrupted(
    store: Store, make_settings: MakeSettings, clock: Clock
) -> None:
    """The release is repeated when the store is back, so that nobody "repairs" a complete answer, or one that
    was repaired."""

    class Flaky(Store):
        away = False

        def guard(self):  # type: ignore[no-untyped-def]  # same as the method it wraps
            if self.away:
                raise StoreError(cause="away")
            return super().guard()

    flaky = Flaky(store.redis, url=store.url, is_embedded=False)
    async with processes(1, flaky, clock) as (here,):
        async with here.claim("a", ANNA, RecordingReply()):
            flaky.away = True
        with pytest.raises(StoreError):
            async with here.claim("b", ANNA, RecordingReply()):
                raise AssertionError("an answer began that nobody could find again")
        flaky.away = False

        async def is_released() -> bool:
            return not await store.redis.exists("{run}:leases")

        await until(is_released)
        async with processes(1, store, clock) as (dying,):
            await kill((await begun(dying, "c")).task, dying)
        clock.now += LEASE_S + 1
        assert [record.ref for record in await here.interrupted()] == ["c"]
        flaky.away = True
        await here.release("c")
        flaky.away = False
        await until(is_released)
    async with open_store(make_settings()) as other:
        clock.now += LEASE_S + 1
        async with processes(1, other, clock) as (there,):
            assert await there.interrupted() == ()


async def test_nothing_stays_in_the_store_for_ever(store: Store, clock: Clock) -> None:
    """Every key has a TTL, and an idle process sends nothing."""
    async with processes(2, store, clock) as (here, there):
        task, _ = await begun(here)
        keys = {key: await store.redis.ttl(key) async for key in store.redis.scan_iter()}
        await there.stop("a", ANNA)
        await task
        keys |= {key: await store.redis.ttl(key) async for key in store.redis.scan_iter()}
        assert len(keys) == 3
        assert all(left > 0 for left in keys.values())
        before = (await store.redis.info("stats"))["total_commands_processed"]
        await asyncio.sleep(0.1)
        assert (await store.redis.info("stats"))["total_commands_processed"] - before <= 2
