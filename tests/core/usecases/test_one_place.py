"""An order is shown in one message, whichever process continues it."""

import asyncio
from collections.abc import Callable

import pytest

from core.answer import Answer
from core.app import Core
from core.errors import SlowDown
from core.minitool.simulated import Simulated
from core.orders.order import Order
from core.reopens import Reopen
from tests.core.usecases.conftest import Opened, Place
from tests.core.usecases.test_delivery import is_submitted, place_only
from tests.recording import RecordingReply
from tests.waiting import until


class Chat:
    """What people see in it; a reply that does not know its message posts one."""

    def __init__(self) -> None:
        self.messages: dict[str, Answer] = {}
        self.posted = 0
        self.busy = False  # once, where something is to go

    async def reopen(self, address: str) -> "Posting":
        number = address.rpartition(":")[2]
        return Posting(self, (number,) if number else ())


class Posting(RecordingReply):
    def __init__(self, chat: Chat, messages: tuple[str, ...] = ()) -> None:
        super().__init__(messages=messages)
        self.chat, self.ids = chat, messages
        self.address = f"test:1:{''.join(messages)}"

    async def show(self, answer: Answer) -> None:
        if answer.withdraw and self.chat.busy:
            self.chat.busy = False
            raise SlowDown(0.05)
        await super().show(answer)
        if not self.ids and not answer.withdraw:
            self.chat.posted += 1
            self.ids = (str(self.chat.posted),)
        self.messages, self.address = self.ids, f"test:1:{''.join(self.ids)}"
        for message in self.ids:
            self.chat.messages[message] = answer
        if answer.withdraw:
            del self.chat.messages[self.ids[0]]
            self.ids = self.messages = ()


@pytest.fixture
def chat() -> Chat:
    return Chat()


async def test_who_gets_its_order_back_shows_it_where_it_is_by_now(
    place: Place, opened: Opened, simulated: Simulated, chat: Chat
) -> None:
    """Placed by one process, started by another, which ends: the first continues in the other's message."""
    simulated.job_s = 600
    async with opened() as one, opened() as two:
        order = await begun(place, one, two, chat)
        simulated.clock = later(simulated)
        await one.fulfil.drive_to_end(order.ref)
    (shown,) = chat.messages.values()
    assert shown.pictures


async def test_of_two_that_show_one_order_at_the_same_moment_one_takes_it_back(
    place: Place, opened: Opened, simulated: Simulated, chat: Chat
) -> None:
    """A process stalls and another one continues; when it wakes, both have shown the order, and one message is
    withdrawn."""
    simulated.job_s = 600
    async with opened() as one, opened() as two:
        for core in (one, two):
            core.reopens["test"] = as_reopen(chat)
        await place_only(one, place, await chat.reopen("test:1:"))
        (order,) = await one.orders.of(place.person)
        stop = asyncio.Event()
        painting = [asyncio.create_task(core.fulfil.drive(order.ref, stop)) for core in (one, two)]
        await until(lambda: chat.posted == 2)  # for a moment both are there
        await until(lambda: is_submitted(one, place))
        stop.set()
        await asyncio.gather(*painting)
        simulated.clock = later(simulated)
        for core in (one, two, one):
            await core.fulfil.drive_to_end(order.ref)
    (shown,) = chat.messages.values()
    assert shown.pictures


@pytest.mark.parametrize("fails", [False, True])
async def test_what_is_erased_while_it_is_painted_leaves_no_message(
    place: Place, opened: Opened, simulated: Simulated, chat: Chat, fails: bool
) -> None:
    """A forgotten person's "Painting …" is removed, also if the chat was busy at first."""
    simulated.job_s = 600
    async with opened() as core, core.serving("test", chat.reopen):
        await core.run(place.turn("imagine", "a fox"), await chat.reopen("test:1:"))
        await until(lambda: chat.messages and is_submitted(core, place))
        chat.busy = fails
        await core.run(place.turn("forget yes"), RecordingReply())
        await until(lambda: not chat.messages)


async def begun(place: Place, one: Core, two: Core, chat: Chat) -> Order:
    """An order that `one` placed, and that `two` painted until it had to go."""
    for core in (one, two):
        core.reopens["test"] = as_reopen(chat)
    await place_only(one, place, await chat.reopen("test:1:"))
    (order,) = await one.orders.of(place.person)
    stop = asyncio.Event()
    painting = asyncio.create_task(two.fulfil.drive(order.ref, stop))
    await until(lambda: is_submitted(one, place))
    await until(lambda: chat.messages)
    stop.set()
    await painting
    return order


def as_reopen(chat: Chat) -> Reopen:
    return chat.reopen


def later(simulated: Simulated) -> Callable[[], float]:
    """Long after all pictures are painted."""
    now = simulated.clock
    return lambda: now() + 3600
