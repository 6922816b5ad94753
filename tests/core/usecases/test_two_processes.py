"""What one process knows of an order may be what was true before another one had it in its hands."""

import asyncio

from core.minitool.simulated import Simulated
from core.orders import State
from tests.core.usecases.conftest import Opened, Place
from tests.core.usecases.test_delivery import Clock, give, is_submitted, place_only
from tests.recording import RecordingReply
from tests.waiting import until


async def test_who_goes_on_with_an_order_keeps_its_place_in_the_line(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """One picture is painted at once. It was begun by one process and another goes on with it: the next
    order waits until it is there, however long that takes."""
    simulated.job_s, clock = 600, Clock()
    limits = {"image_jobs_at_once": 1, "image_deadline_s": 10_000}
    async with opened(clock, **limits) as one, opened(clock, **limits) as two:
        for core in (one, two):
            core.reopens["test"] = give(RecordingReply(address="test:1:2"))
        await place_only(one, place, RecordingReply(address="test:1:2"))
        (first,) = await one.orders.of(place.person)
        stop = asyncio.Event()
        painting = asyncio.create_task(one.imagining.fulfil.drive(first.ref, stop))
        await until(lambda: is_submitted(one, place))
        stop.set()
        await painting
        for clock.ahead in (20, 40):  # together longer than a place is leased
            await two.imagining.fulfil.drive(first.ref, stop)
        other = Place("test:ben")
        await place_only(one, other, RecordingReply(address="test:1:2"))
        (second,) = await one.orders.of(other.person)
        await one.imagining.fulfil.drive(second.ref, stop)
        (second,) = await one.orders.of(other.person)
        assert second.pieces[0].state is State.INTENT
