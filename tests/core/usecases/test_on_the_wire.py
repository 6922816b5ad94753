"""Slow submits: another process that gets the order leaves it to the process that waits for the response."""

import asyncio
import time

from core.answer import Phase
from core.app import Core
from core.orders.order import Order, State
from core.pace import OpenLane, Rank
from tests.core.usecases.conftest import Opened, Place
from tests.recording import RecordingReply
from tests.waiting import until


class Counting(OpenLane):
    """Says how often something was about to be shown."""

    entered = 0

    async def enter(self, rank: Rank) -> bool:
        self.entered += 1
        return True


class Ordering:
    """An order of `core` that is on the wire until `answer` is called."""

    def __init__(self, core: Core, place: Place) -> None:
        self.core, self.person = core, place.person
        self.lane, self._answered = Counting(), asyncio.Event()
        self.reply = RecordingReply(address="", lane=self.lane)
        minitool = core.fulfil._deps.minitool
        self._submit, minitool.submit = minitool.submit, self._slowly
        self.turn = place.turn("imagine", "a fox", {"size": "small"})

    async def _slowly(self, order: object) -> object:
        job = await self._submit(order)
        await self._answered.wait()
        return job

    async def __aenter__(self) -> "Ordering":
        self._task = asyncio.create_task(self.core.run(self.turn, self.reply))
        await until(self.is_on_the_wire)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.answer()

    async def answer(self) -> None:
        self._answered.set()
        await asyncio.wait([self._task])

    async def order(self) -> Order:
        (order,) = await self.core.orders.of(self.person)
        return order

    async def is_on_the_wire(self) -> bool:
        orders = await self.core.orders.of(self.person)
        return bool(orders) and orders[0].pieces[0].state is State.SUBMITTING


async def test_one_process_drives_an_order_once(place: Place, opened: Opened) -> None:
    """A process that gets its own order again during the submit does not take it for lost, however long that
    takes."""
    ahead_s = 0.0
    async with opened(lambda: time.time() + ahead_s) as core, Ordering(core, place) as ordering:
        ahead_s = 400.0
        assert await core.fulfil.drive((await ordering.order()).ref, asyncio.Event()) == 1.0
        assert await ordering.is_on_the_wire()
        await ordering.answer()
        assert ordering.reply.last.pictures


async def test_an_order_on_the_wire_of_another_process_is_not_lost(
    core: Core, place: Place, opened: Opened
) -> None:
    """Another process that gets the order waits for the result."""
    async with opened() as other, Ordering(core, place) as ordering:
        assert await other.fulfil.drive((await ordering.order()).ref, asyncio.Event()) == 1.0
        assert await ordering.is_on_the_wire()
        await ordering.answer()
        assert ordering.reply.last.pictures


async def test_no_progress_stands_over_an_end(core: Core, place: Place, opened: Opened) -> None:
    """If another process has ended the order after all, this one shows no more progress: it would stay for
    ever."""
    async with opened(lambda: time.time() + 400) as later, Ordering(core, place) as ordering:
        ref = (await ordering.order()).ref
        await until(lambda: ordering.reply.shown)
        await later.fulfil.drive(ref, asyncio.Event())
        assert (await ordering.order()).pieces[0].state is State.UNKNOWN
        before, shown = ordering.lane.entered, len(ordering.reply.shown)
        await until(lambda: ordering.lane.entered >= before + 2)
        assert len(ordering.reply.shown) == shown
        assert ordering.reply.last.phase is Phase.WORKING
