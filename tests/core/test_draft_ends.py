"""Drafts that are left, cancelled or hindered."""

import asyncio

import pytest

from core.answer import Answer, Phase
from core.draft import Draft, present
from core.pace import Limits, Pace, Rank, Window
from tests.core.drafts import WORKING, done, feed
from tests.faketime import fake_time, now
from tests.recording import RecordingReply


@fake_time
async def test_leaving_without_an_end_shows_nothing_and_leaves_no_task() -> None:
    """An exception inside the block ends the draft; the caller decides what the person sees, and may present it
    on the same reply."""
    reply = RecordingReply()

    async def fail() -> None:
        async with Draft(reply, WORKING, locale="en") as draft:
            draft.grow("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert len(asyncio.all_tasks()) == 1
    assert await present(reply, Answer(Phase.FAILED, note="sorry"), locale="en")
    assert reply.last.note == "sorry"


@fake_time
async def test_a_call_under_way_is_not_cut_off() -> None:
    """Cancelled while the chat creates the message, a draft waits for the call and reports the message. A chat
    that hangs holds nobody up."""
    reply, reported = RecordingReply(takes=0.5), list[tuple[str, ...]]()

    async def posted(messages: tuple[str, ...]) -> None:
        reported.append(messages)

    async def answer() -> None:
        async with Draft(reply, WORKING, posted=posted, locale="en") as draft:
            await feed(draft, 1000)

    for _ in range(2):
        task = asyncio.create_task(answer())
        await asyncio.sleep(0.2)
        assert reply.under_way == 1
        task.cancel()
        before = now()
        await asyncio.wait([task])
        assert now() - before < 2.1
        reply.open.clear()
    assert reported == [("m1",)]
    assert len(reply.shown) == 1
    assert len(asyncio.all_tasks()) == 1


@fake_time
async def test_a_final_call_under_way_is_not_cut_off() -> None:
    """The same for the message of the final state."""
    reply, reported = RecordingReply(takes=0.5), list[tuple[str, ...]]()

    async def posted(messages: tuple[str, ...]) -> None:
        reported.append(messages)

    async def answer() -> None:
        async with Draft(reply, posted=posted, locale="en") as draft:
            await draft.finish(done("end"))

    task = asyncio.create_task(answer())
    await asyncio.sleep(0.2)
    assert reply.under_way == 1
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert reply.last.text == "end"
    assert reported == [("m1",)]


@fake_time
async def test_who_is_cancelled_twice_shows_nothing_further() -> None:
    """A second cancellation during that wait leaves no task that still shows something."""
    reply = RecordingReply(takes=0.5)

    async def answer() -> None:
        async with Draft(reply, WORKING, locale="en") as draft:
            await feed(draft, 1000)

    task = asyncio.create_task(answer())
    await asyncio.sleep(0.2)
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0.1)
    await asyncio.wait([task])
    assert task.cancelled()
    assert len(asyncio.all_tasks()) == 1
    await asyncio.sleep(60)
    assert len(reply.tried) == 1


@fake_time
async def test_messages_are_reported_until_they_are_recorded() -> None:
    """A failed report of an answer's messages is repeated with the next show, and then no more."""
    reply, reported = RecordingReply(), list[tuple[str, ...]]()

    async def posted(messages: tuple[str, ...]) -> bool:
        reported.append(messages)
        return len(reported) > 1

    async with Draft(reply, WORKING, posted=posted, locale="en") as draft:
        await feed(draft, 5)
        await draft.finish(Answer(Phase.DONE, text=draft.text))
    assert reported == [("m1",), ("m1",)]
    assert len(reply.shown) > 2


@fake_time
async def test_cancellation_can_still_say_what_happened() -> None:
    """The canceller's caller may catch it inside the block and finish: the person sees that the answer was
    cut."""
    reply = RecordingReply()

    async def answer() -> None:
        async with Draft(reply, WORKING, locale="en") as draft:
            try:
                await feed(draft, 1000)
            except asyncio.CancelledError:
                await draft.finish(Answer(Phase.CUT, text=draft.text))
                raise

    task = asyncio.create_task(answer())
    await asyncio.sleep(3)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert reply.last.phase is Phase.CUT
    assert len(asyncio.all_tasks()) == 1


@fake_time
async def test_a_fault_of_ours_while_growing_does_not_cost_the_final_text() -> None:
    """An adapter's bug ends only the growth; on the final state it is raised."""

    class Broken(RecordingReply):
        async def show(self, answer: Answer) -> None:
            if answer.text in ("bad", "worse"):
                raise ValueError("a fault of ours")
            await super().show(answer)

    reply = Broken()
    async with Draft(reply, WORKING, locale="en") as draft:
        draft.grow("bad")
        await asyncio.sleep(30)
        assert await draft.finish(done("good"))
    assert reply.last.text == "good"
    with pytest.raises(ValueError, match="a fault of ours"):
        await present(reply, done("worse"), locale="en")


@fake_time
async def test_the_end_goes_before_growth_that_waits_inside_a_show() -> None:
    """A show that waits for further calls (more pages) in a busy account does not hold up the final state: its
    waiting calls get the rank of final ones."""
    pace = Pace(Limits(chat=(Window(2, 60.0),)), now)
    lane = pace.lane("c")

    class Paged(RecordingReply):
        async def show(self, answer: Answer) -> None:
            if answer.text:
                await lane.enter(Rank.FINAL if answer.phase.is_final else Rank.GROWTH)
            await super().show(answer)

    reply = Paged(lane=lane)
    async with Draft(reply, Answer(), locale="en") as draft:
        draft.grow("one")
        await asyncio.sleep(1)
        asked = now()
        await draft.finish(Answer(Phase.STOPPED))
    assert now() - asked < 63


@fake_time
async def test_a_state_that_is_not_final_does_not_end_an_answer() -> None:
    """finish accepts final phases only: a growing state as the last one would never be replaced."""
    async with Draft(RecordingReply(), WORKING, locale="en") as draft:
        with pytest.raises(ValueError, match="final"):
            await draft.finish(Answer(Phase.GROWING))


@fake_time
async def test_without_a_working_state_nothing_is_shown_before_the_end() -> None:
    """However long the end takes: the chat has nothing that could wait."""
    reply = RecordingReply()
    async with Draft(reply, locale="en") as draft:
        await asyncio.sleep(60)
        assert not reply.tried
        assert await draft.finish(done("All of it"))
    assert [answer.text for answer in reply.shown] == ["All of it"]


@fake_time
async def test_a_refusal_is_waited_out_where_no_lane_holds_the_calls() -> None:
    """Nothing is tried before the chat takes it again, not even the end."""
    reply = RecordingReply()
    reply.slow_down(30)
    assert await present(reply, done("All of it"), locale="en")
    assert reply.tried_at == [0.0, 30.0]


@pytest.mark.parametrize(
    ("before", "is_end"),
    [(WORKING, False), (WORKING, True), (None, True)],
    ids=["first text", "end", "end alone"],
)
@fake_time
async def test_what_matters_more_overtakes_while_it_waits(before: Answer | None, is_end: bool) -> None:
    """An answer goes before others, once it has its first text, or its end, also where it waits to show less
    already."""
    pace, order = Pace(Limits(chat=(Window(9, 1.0),), account=(Window(1, 10.0),)), now), list[str]()
    await pace.lane("earlier").enter(Rank.FINAL)
    older = [pace.lane(name) for name in ("a", "b")]

    async def grow(number: int) -> None:
        await older[number].enter(Rank.GROWTH)
        order.append("other")

    others = [asyncio.create_task(grow(number)) for number in range(2)]
    await asyncio.sleep(1)
    reply = RecordingReply(lane=pace.lane("mine"))
    async with Draft(reply, before, locale="en") as draft:
        await asyncio.sleep(1)
        if is_end:
            await draft.finish(done("All of it"))
        else:
            draft.grow("The first of it")
            await reply.until(lambda answer: bool(answer.text))
        order.append("mine")
    await asyncio.wait(others)
    assert order == ["mine", "other", "other"]


@fake_time
async def test_the_time_of_the_first_text_stays() -> None:
    """It is when the person first saw any, not when the text grew."""
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="en") as draft:
        await asyncio.sleep(2)
        assert draft.first_text_at is None
        await feed(draft, 10, every=1.0)
        await draft.finish(done(draft.text))
    assert draft.first_text_at == pytest.approx(3.0)
