"""How an answer ends that was left, cancelled or hindered."""

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
    """An exception inside the block ends the draft; what the person sees then is the caller's matter,
    who may present on the same reply."""
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
    """Cancelled while the chat makes the message, a draft learns of it and tells where it is; then all is over.
    A chat that hangs holds nobody up."""
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
    """Cancelled while the chat makes the message of the final state, a draft learns of that one, too."""
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
    """Cancelled once more while a call under way is waited for, nothing is left that goes on showing."""
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
async def test_where_messages_are_is_told_until_it_is_known() -> None:
    """Who could not note which messages an answer has is told again with the next show, and then no more."""
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
    """Whoever cancels may catch it inside the block and finish; the person sees that it was cut."""
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
    """An adapter that breaks its promise ends the growth alone; at the final it is raised."""

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
    """A show that waits for further calls (more pages) in a crowded account does not hold up the final
    state: what waits in that lane goes on as final."""
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
    """finish takes final phases only: a growing state as the last would never be taken back."""
    async with Draft(RecordingReply(), WORKING, locale="en") as draft:
        with pytest.raises(ValueError, match="final"):
            await draft.finish(Answer(Phase.GROWING))
