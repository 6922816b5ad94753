"""Delivery of pictures, whatever prevents it at first."""

import asyncio
import time
from dataclasses import replace

import msgspec
import pytest

from core.answer import Answer, Phase, Picture
from core.app import Core
from core.draft import present
from core.errors import DeliveryError, SlowDown
from core.minitool.simulated import Simulated
from core.orders.order import ASIDE_S, TRY_S, Order, State, Told, picture_key
from core.words import t
from tests.core.money.entries import entries
from tests.core.usecases.conftest import PRICE, Opened, Place, booked
from tests.recording import RecordingReply
from tests.waiting import until

NEVER = asyncio.Event()


class Clock:
    """The real time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def imagine(core: Core, place: Place, text: str, reply: RecordingReply | None = None) -> RecordingReply:
    reply = reply or RecordingReply(address="")
    await core.run(place.turn("imagine", text, {"size": "small"}), reply)
    return reply


async def undelivered(core: Core, place: Place) -> Order:
    """An order whose chat is gone by the time the picture is there."""
    reply = RecordingReply(address="")
    reply.deleted = True
    await imagine(core, place, "a lost fox", reply)
    (order,) = await core.orders.of(place.person)
    return order


@pytest.mark.parametrize("command", ["usage", "imagine"])
async def test_what_could_not_be_delivered_is_handed_over_later(core: Core, place: Place, command: str) -> None:
    """If the chat is gone, the person's next /imagine or /usage delivers the picture, once. From then on it is
    kept for a day."""
    order = await undelivered(core, place)
    assert order.told is Told.ASIDE
    for expected in (1, 0):
        reply = RecordingReply(address="")
        args = {"prompt": "an owl", "size": "small"} if command == "imagine" else {}
        await core.run(place.turn(command, "", args), reply)
        old = [picture for picture in reply.last.pictures if picture.alt == "a lost fox"]
        assert len(old) == expected
        assert ("from earlier" in reply.last.note) is bool(expected)
    found = await core.orders.find(order.ref)
    assert found is not None
    assert found.is_over
    assert 0 < await core.store.redis.ttl(picture_key(order.ref, 0)) <= 86_400


async def test_what_a_lost_usage_brought_still_waits(core: Core, place: Place) -> None:
    """A picture counts as delivered when it was shown, not when somebody tried."""
    await undelivered(core, place)
    for is_lost, expected in ((True, 0), (False, 1)):
        reply = RecordingReply(address="", deleted=is_lost)
        await core.run(place.turn("usage"), reply)
        shown = [picture.alt for answer in reply.shown for picture in answer.pictures]
        assert shown.count("a lost fox") == expected


@pytest.mark.parametrize("text", ["", "Two of the 30 days"])
async def test_where_pictures_are_forbidden_words_say_so(core: Core, place: Place, text: str) -> None:
    """A place that accepts no pictures is told that they wait elsewhere, and takes no more orders; where the
    text is the answer, it comes alone. Neither counts as delivered."""
    reply = RecordingReply(address="", forbids_pictures=True)
    if text:
        picture = Picture(b"...", "image/png", "a.png", "a chart")
        assert not await present(reply, Answer(Phase.DONE, text, pictures=(picture,)), locale="de")
        assert (reply.last.text, reply.last.note) == (text, "")
        return
    await imagine(core, place, "a lost fox", reply)
    (order,) = await core.orders.of(place.person)
    assert order.told is Told.ASIDE
    assert reply.last.note == t("en", "imagine-no-pictures")
    assert (reply.last.phase, reply.last.pictures, reply.last.actions) == (Phase.DONE, (), ())
    elsewhere = RecordingReply()
    await core.run(place.turn("usage"), elsewhere)
    assert "a lost fox" in [picture.alt for picture in elsewhere.last.pictures]


async def test_where_pictures_are_forbidden_and_the_chat_is_slow(
    place: Place, opened: Opened, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text that replaces a picture is retried until shown."""
    async with opened(clock=clock) as core:
        reply = RecordingReply(address="test:1:2")
        core.reopens["test"] = give(reply)
        order = await painted(core, place, reply)
        monkeypatch.setattr("core.orders.delivery.DELIVERY_S", 0.2)
        reply.forbids_pictures, reply.refusals = True, [SlowDown(30), SlowDown(30)]
        for _ in range(3):
            await refused(core, order)
        assert reply.last.note == t("en", "imagine-no-pictures")
        (order,) = await core.orders.of(place.person)
        assert order.told is Told.ASIDE


async def test_where_pictures_are_forbidden_nothing_is_said_of_earlier_ones(core: Core, place: Place) -> None:
    """Waiting pictures that cannot be shown here keep waiting, and are not announced."""
    for _ in range(2):
        reply = await imagine(core, place, "a lost fox", RecordingReply(address="", forbids_pictures=True))
        assert reply.last.note == t("en", "imagine-no-pictures")
    elsewhere = RecordingReply()
    await core.run(place.turn("usage"), elsewhere)
    assert [picture.alt for picture in elsewhere.last.pictures].count("a lost fox") == 2


async def test_what_waits_is_shown_to_no_other_group(core: Core, place: Place) -> None:
    """A picture ordered in one room is not shown in another, neither with the next picture nor under /usage.
    The person gets it in private."""
    await imagine(core, place, "a secret fox", RecordingReply(address="", forbids_pictures=True))
    group = Place(place.person, "test:other")
    for turn, expected in (
        (group.turn("imagine", "an owl", {"size": "small"}, chat="test:chat:2"), 0),
        (group.turn("usage", chat="test:chat:2"), 0),
        (place.turn("usage", private=True), 1),
    ):
        reply = RecordingReply(address="")
        await core.run(replace(turn, id=f"{turn.id}:{turn.room}"), reply)
        assert [picture.alt for picture in reply.last.pictures].count("a secret fox") == expected


async def test_where_pictures_for_adults_are_forbidden_words_say_where_they_are_had(
    core: Core, place: Place
) -> None:
    """A private chat is suggested only where it will work: a picture ordered in an age-restricted place needs
    another such place."""
    there = RecordingReply(address="", forbids_pictures=True)
    await core.run(place.turn("imagine", "a lost fox", {"size": "small"}, adult=True), there)
    assert there.last.note == t("en", "imagine-no-pictures-adult")
    for where, expected in (({"private": True}, 0), ({"adult": True}, 1)):
        reply = RecordingReply()
        await core.run(place.turn("usage", **where), reply)
        assert [picture.alt for picture in reply.last.pictures].count("a lost fox") == expected


async def test_where_files_are_forbidden_none_is_promised(core: Core, place: Place) -> None:
    """A file that may not be posted does not wait elsewhere, and nobody is told so."""
    ref = (await imagine(core, place, "a fox")).last.ref
    reply = RecordingReply(address="", forbids_pictures=True)
    await core.run(place.turn("file", args={"ref": ref}), reply)
    assert (reply.last.note, reply.last.pictures) == (t("en", "imagine-no-files"), ())


async def test_what_nobody_came_for_is_dropped_with_a_note(place: Place, opened: Opened, clock: Clock) -> None:
    """A picture that waited in vain is removed, and the ledger notes it without moving money."""
    async with opened(clock=clock) as core:
        order = await undelivered(core, place)
        clock.ahead = TRY_S + ASIDE_S + 60
        assert await core.fulfil.drive(order.ref, NEVER) is None
        assert await core.orders.find_picture(order.ref, 0) is None
        assert await core.orders.aside(place.person) == []
        events = [entry.event for entry in await entries(core.spend.ledger, order.pieces[0].request)]
        assert events == ["dropped", "settle", "hold"]
        assert await core.spend.ledger.audit() == []
        reply = RecordingReply()
        await core.run(place.turn("usage"), reply)
        assert "from earlier" not in reply.last.note


async def test_a_chat_that_cannot_be_reached_is_tried_for_a_day(
    place: Place, opened: Opened, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries are short and become rarer; a chat that returns gets its picture; after a day the picture waits for
    the person."""
    async with opened(clock=clock) as core:
        reply = RecordingReply(address="test:1:2")
        core.reopens["test"] = give(reply)
        order = await painted(core, place, reply)
        monkeypatch.setattr("core.orders.delivery.DELIVERY_S", 0.2)
        reply.refusals = [DeliveryError(cause="away") for _ in range(1000)]
        waits = []
        for clock.ahead in (0, 60, 3600):
            waits.append(await refused(core, order))
        assert waits == sorted(waits)
        assert waits[0] < waits[-1] <= 600
        clock.ahead = TRY_S + 60
        await refused(core, order)
        found = await core.orders.find(order.ref)
        assert found is not None
        assert found.told is Told.ASIDE


def give(reply: RecordingReply):  # type: ignore[no-untyped-def]  # a Reopen
    async def reopen(address: str) -> RecordingReply:
        return reply

    return reopen


async def painted(core: Core, place: Place, reply: RecordingReply) -> Order:
    """An order whose picture is there, and which nobody was told of."""
    await imagine(core, place, "a fox", reply)
    (order,) = await core.orders.of(place.person)
    await core.orders.keep_picture(order.ref, 0, reply.last.pictures[0].data)
    return await core.orders.save(msgspec.structs.replace(order, told=Told.NO))


async def refused(core: Core, order: Order) -> float:
    """In how many seconds the next try is due, after one that failed."""
    wanted = await core.fulfil.drive(order.ref, NEVER)
    assert wanted is not None
    return wanted


async def test_two_processes_that_drive_one_order_send_it_once(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """Driven by two at the same time, an order is submitted once, paid once and shown in one place."""
    async with opened() as one, opened() as two:
        reply = RecordingReply(address="test:1:2")
        for core in (one, two):
            core.reopens["test"] = give(reply)
        await place_only(one, place, reply)
        (order,) = await one.orders.of(place.person)
        await asyncio.gather(
            *(core.fulfil.drive_to_end(order.ref) for core in (one, two)),
        )
        assert simulated.record.counts["submit"] == 1
        assert reply.last.pictures
        assert await booked(one, place) == PRICE


async def place_only(core: Core, place: Place, reply: RecordingReply) -> None:
    """An order that is recorded, and that no queue knows."""

    class Lost:
        def has(self, platform: str) -> bool:
            return True

        async def put(self, platform: str, ref: str) -> None:
            return None

    real, core.imagining.jobs = core.imagining.jobs, Lost()  # type: ignore[assignment]
    await imagine(core, place, "a fox", reply)
    core.imagining.jobs = real


async def test_an_order_that_no_queue_knows_is_found(place: Place, opened: Opened, clock: Clock) -> None:
    """A recorded order that was never queued, or lost by the queue, is taken up."""
    async with opened(clock=clock) as core:
        reply = RecordingReply(address="test:1:2")
        await place_only(core, place, reply)
        async with core.serving("test", give(reply)):
            await core.repair.tick()
            assert not reply.shown
            clock.ahead = 60
            await core.repair.tick()
            await reply.until(lambda answer: bool(answer.pictures))


async def test_an_order_of_a_platform_that_others_serve_is_left_to_them(
    place: Place, opened: Opened, clock: Clock
) -> None:
    """If this process has no queue for an order, its other work goes on."""
    async with opened(clock=clock) as core:
        await place_only(core, place, RecordingReply(address="test:1:2"))
        clock.ahead = 60
        await core.repair.tick()
        assert await core.orders.overdue()


@pytest.mark.parametrize(("prompt", "is_made"), [("a fox", True), ("fault:never a fox", False)])
async def test_a_clock_that_is_set_back_freezes_no_picture(
    place: Place, opened: Opened, simulated: Simulated, clock: Clock, prompt: str, is_made: bool
) -> None:
    """A clock set back by an hour delays neither the picture nor its deadline."""
    simulated.job_s = 0.5
    async with opened(clock=clock, image_deadline_s=60 if is_made else 1) as core:
        ordering = asyncio.create_task(imagine(core, place, prompt))
        await until(lambda: is_submitted(core, place))
        clock.ahead = -3600
        await until(ordering.done)
        reply = await ordering
        assert bool(reply.last.pictures) is is_made
        assert is_made or "not charged" in reply.last.note


async def test_a_dead_terminal_leaves_its_picture_for_the_next_visit(
    place: Place, opened: Opened, simulated: Simulated, clock: Clock
) -> None:
    """If no process can reopen the reply, any process finishes the order, and the picture waits."""
    simulated.job_s = 0.5
    async with opened() as core:
        ordering = asyncio.create_task(imagine(core, place, "a lost fox"))
        await until(lambda: is_submitted(core, place))
        ordering.cancel()
        await asyncio.wait([ordering])
    simulated.clock = lambda: time.time() + 60  # done meanwhile
    async with opened(clock=clock, image_deadline_s=10_000) as core:
        clock.ahead = 60
        reply = await imagine(core, place, "an owl")
        assert [picture.alt for picture in reply.last.pictures] == ["an owl", "a lost fox"]
        assert simulated.record.counts["submit"] == 2
        assert await booked(core, place) == 2 * PRICE


async def is_submitted(core: Core, place: Place) -> bool:
    orders = await core.orders.of(place.person)
    return any(order.pieces[0].state is State.SUBMITTED for order in orders)


async def test_a_stop_of_the_service_hands_orders_over_at_once(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """Stopping waits for no picture; the next process continues where it was."""
    simulated.job_s = 600
    reply = RecordingReply(address="test:1:2")
    async with opened() as core:
        async with core.serving("test", give(reply)):
            await imagine(core, place, "a fox", reply)
            await until(lambda: is_submitted(core, place))
        assert reply.last.phase is Phase.WORKING


async def test_pictures_come_with_their_last_address(place: Place, opened: Opened) -> None:
    """If the reply's message was posted meanwhile, the process that continues knows its address."""

    class Moving(RecordingReply):
        async def show(self, answer: object) -> None:
            await super().show(answer)  # type: ignore[arg-type]  # an Answer
            self.address = "test:1:posted"

    async with opened() as core:
        reply = Moving(address="test:1:")
        await imagine(core, place, "a fox", reply)
        (order,) = await core.orders.of(place.person)
        assert order.address == "test:1:posted"


async def test_an_earlier_picture_that_breaks_keeps_no_later_one_away(
    place: Place, opened: Opened, clock: Clock
) -> None:
    """A bug with an undelivered picture does not prevent a new one."""
    broken: list[str] = []
    async with opened(clock) as core:
        minitool = core.fulfil._deps.minitool
        fetch = minitool.fetch

        async def fetch_later_ones(url: str) -> bytes:
            if not broken or url in broken:
                broken.append(url)
                raise ValueError("a mistake of ours")
            return await fetch(url)

        minitool.fetch = fetch_later_ones
        await imagine(core, place, "a fox")
        clock.ahead = 60.0
        reply = await imagine(core, place, "an owl")
        assert len(broken) == 2
        assert reply.last.pictures
