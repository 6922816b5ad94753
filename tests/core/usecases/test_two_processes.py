"""A process's knowledge of an order may be outdated by another one."""

import asyncio
from typing import Any

import pytest

from core.answer import Phase, Reply
from core.app import Core
from core.errors import DeliveryError, StoreError
from core.minitool.simulated import Simulated
from core.orders.order import Order, State, picture_key
from core.store import Store
from tests.core.test_running_stalls import Stalling
from tests.core.usecases.conftest import Opened, Place
from tests.core.usecases.test_delivery import PRICE, Clock, booked, give, is_submitted, place_only
from tests.core.usecases.test_one_place import later
from tests.recording import RecordingReply
from tests.waiting import until

NOW = asyncio.Event()  # a stretch is one step
NOW.set()


async def away(address: str) -> Reply:
    """A platform that does not answer."""
    raise DeliveryError(cause="no answer")


async def test_who_goes_on_with_an_order_keeps_its_place_in_the_line(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """One picture is painted at once. Another process continues its order: the next one waits until it is
    there, however long that takes."""
    simulated.job_s, clock = 600, Clock()
    limits = {"image_jobs_at_once": 1, "image_deadline_s": 10_000}
    async with opened(clock, **limits) as one, opened(clock, **limits) as two:
        first = await begun(place, one, two)
        for clock.ahead in (20, 40):  # together longer than a place is leased
            await two.fulfil.drive(first.ref, NOW)
        second = await waiting(Place("test:ben"), one)
        assert second.pieces[0].state is State.INTENT


@pytest.mark.parametrize("is_reached", [True, False])
async def test_what_was_not_sent_is_free_whoever_held_it(
    place: Place, opened: Opened, simulated: Simulated, *, is_reached: bool
) -> None:
    """A person forgotten while the order waits in line pays nothing, and the message that shows its progress is
    gone, where that can be reached, though the process that held the money and showed it never gets the order
    again."""
    simulated.job_s, clock = 600, Clock()
    async with opened(clock, image_jobs_at_once=1) as one, opened(clock, image_jobs_at_once=1) as two:
        await begun(Place("test:ben"), one, two)
        order = await waiting(place, one)
        shown, told = RecordingReply(address=order.address), RecordingReply()
        two.reopens["test"] = give(shown) if is_reached else away
        await two.run(place.turn("forget yes"), told)
        assert [answer.withdraw for answer in shown.shown] == [True] * is_reached
        assert told.last.note.startswith("Erased: one order.")
        assert await two.fulfil.drive(order.ref, NOW) is None
        clock.ahead = 400
        await two.spend.sweep()
        assert await booked(two, place) == 0


async def test_what_was_cancelled_is_free_whoever_held_it_since(place: Place, opened: Opened) -> None:
    """A process that stalled holds the money of an order that was cancelled meanwhile: it returns it."""
    clock = Clock()
    async with opened(clock) as one, opened(clock) as two:
        for core in (one, two):
            core.reopens["test"] = give(RecordingReply(address="test:1:2"))
        await place_only(one, place, RecordingReply(address="test:1:2"))
        (order,) = await one.orders.of(place.person)
        one.spend._store = stalling = Stalling(one.store)
        stalling.goes.clear()
        driving = asyncio.create_task(one.fulfil.drive(order.ref, NOW))
        await until(lambda: stalling.waiting)
        await two.run(place.turn("cancel", args={"ref": order.ref}), RecordingReply())
        await two.fulfil.drive_to_end(order.ref)
        stalling.goes.set()
        await driving
        clock.ahead = 400
        await two.spend.sweep()
        assert await booked(two, place) == 0


async def test_a_hold_that_lapsed_in_the_line_is_taken_anew(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """An order that nobody handled beyond its hold's lease is painted all the same, and paid once."""
    simulated.job_s, clock = 600, Clock()
    async with opened(clock, image_jobs_at_once=1) as one, opened(clock, image_jobs_at_once=1) as two:
        await begun(Place("test:ben"), one, two)
        order = await waiting(place, one)
        simulated.job_s, clock.ahead = 0, 400
        await two.spend.sweep()
        assert await booked(two, place) == PRICE
        await two.fulfil.drive_to_end(order.ref)
        (order,) = await two.orders.of(place.person)
        assert order.pieces[0].state is State.FETCHED
        assert await booked(two, place) == PRICE
        assert await two.spend.ledger.audit() == []


async def test_a_picture_that_came_after_its_order_was_erased_is_not_kept(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """The process that fetched it learns of that when it saves, and nothing stays in the store."""
    simulated.job_s = 600
    async with opened() as one, opened() as two:
        order = await begun(place, one, two)
        simulated.clock = later(simulated)
        picture, one.orders.store = picture_key(order.ref, 0), (stalling := Stalling(one.store))
        stalling.goes.clear()
        fetching = asyncio.create_task(one.fulfil.drive(order.ref, asyncio.Event()))
        await until(lambda: one.store.redis.exists(picture))
        await two.run(place.turn("forget yes"), RecordingReply())
        await one.orders.keep_picture(order.ref, 0, b"fetched a moment later")
        stalling.goes.set()
        await fetching
        assert not await one.store.redis.exists(picture)


async def begun(place: Place, one: Core, two: Core) -> Order:
    """An order that the first process has sent off."""
    for core in (one, two):
        core.reopens["test"] = give(RecordingReply(address="test:1:2"))
    await place_only(one, place, RecordingReply(address="test:1:2"))
    (order,) = await one.orders.of(place.person)
    stop = asyncio.Event()
    painting = asyncio.create_task(one.fulfil.drive(order.ref, stop))
    await until(lambda: is_submitted(one, place))
    stop.set()
    await painting
    return order


async def waiting(place: Place, core: Core) -> Order:
    """An order that this process has looked at once."""
    await place_only(core, place, RecordingReply(address="test:1:2"))
    (order,) = await core.orders.of(place.person)
    await core.fulfil.drive(order.ref, NOW)
    (order,) = await core.orders.of(place.person)
    return order


async def test_who_was_told_that_it_failed_gets_no_picture(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """The store took an order but its reply was lost. The person is told that nothing was ordered, orders
    again, and pays for that one only, whichever process finds the other."""

    class Deaf(Store):
        async def run(self, *what: Any) -> Any:
            await super().run(*what)
            raise StoreError(cause="no reply")

    clock = Clock()
    async with opened(clock) as one, opened(clock) as two:
        one.orders.store = Deaf(one.store.redis, url="", is_embedded=False)
        reply = RecordingReply(address="test:1:2")
        await one.run(place.turn("imagine", "a fox", {"size": "small"}), reply)
        assert reply.last.phase is Phase.FAILED
        (order,) = await two.orders.of(place.person)
        one.orders.store = one.store
        await one.repair.tick()
        clock.ahead = 60
        assert await two.orders.overdue() == []
        assert await two.fulfil.drive(order.ref, NOW) is None
        await one.repair.tick()
        assert simulated.record.counts["submit"] == 0
        assert await booked(two, place) == 0


async def test_what_is_put_as_a_process_goes(core: Core) -> None:
    """A crowd's orders wait to be handed over when the process stops working for their platform: that is no bug
    of anybody's, they are on record and found by others. What is on its way in that moment may find its
    connection closed, which is told as any StoreError: in the log."""

    async def reopen(address: str) -> RecordingReply:
        return RecordingReply(address=address)

    async with core.serving("test", reopen):
        putting = [asyncio.create_task(core.jobs.put("test", f"order-{number}")) for number in range(60)]
        await asyncio.sleep(0)
    ended = await asyncio.gather(*putting, return_exceptions=True)
    assert {type(error) for error in ended if error} <= {StoreError}
