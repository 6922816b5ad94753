"""Answers that a process left behind: shown if they were complete, reported as interrupted if not, once."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress

import pytest

from core import repair
from core.answer import Answer, Phase
from core.app import Core
from core.draft import Draft
from core.errors import DeliveryError, Gone
from core.inbox import Inbox
from core.minitool.simulated import Simulated
from core.running import LEASE_S, REPAIR_S
from core.turn import Attachment
from tests.core.test_running_stalls import Stalling
from tests.core.usecases.conftest import Opened, Place
from tests.core.usecases.test_delivery import Clock
from tests.core.usecases.test_one_place import Chat, Posting, as_reopen
from tests.recording import RecordingReply
from tests.waiting import until


class Slow(RecordingReply):
    """A chat that takes no final state for now, as after too many of them."""

    async def show(self, answer: Answer) -> None:
        if answer.phase.is_final:
            self.tried.append(answer)
            raise DeliveryError(cause="too many calls")
        await super().show(answer)


class Handled:
    """Notes the updates that an inbox has begun again."""

    def __init__(self) -> None:
        self.numbers: list[str] = []

    async def __call__(self, number: str, body: bytes) -> None:
        self.numbers.append(number)


def shows(core: Core, replies: Mapping[str, RecordingReply]) -> None:
    """From now on, this process can show things at these addresses."""

    async def reopen(address: str) -> RecordingReply:
        if address not in replies:
            raise Gone(cause="no such chat")
        return replies[address]

    core.reopens["test"] = reopen


async def left(core: Core, place: Place, address: str, text: str = "Tell me a long story") -> None:
    """An answer that grows when its process ends."""
    reply = RecordingReply(address=address)
    answering = asyncio.create_task(core.run(place.turn("ask", text), reply))
    await reply.until(lambda answer: answer.phase is Phase.GROWING)
    answering.cancel()
    await asyncio.wait([answering])


async def test_an_answer_that_was_made_is_shown_by_the_next_process(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """It was complete and paid, but its chat accepted no calls before the process ended: the next process shows
    it with its buttons, without asking the model again, as soon as it serves that platform."""
    reply = Slow(address="test:1:2")
    async with opened() as core:
        answering = asyncio.create_task(core.run(place.turn("ask", "Why is the sky blue?"), reply))
        await until(lambda: reply.tried and reply.tried[-1].phase is Phase.DONE)
        answering.cancel()
        await asyncio.wait([answering])
    async with opened() as core:
        await core.repair.tick()
        shows(core, {"test:1:2": (shown := RecordingReply())})
        await core.repair.tick()
        assert shown.last.text == reply.tried[-1].text
        assert (shown.last.phase, shown.last.note) == (Phase.DONE, "")
        assert shown.last.actions == reply.tried[-1].actions
        assert await core.running.everywhere() == ()
    assert simulated.record.counts["chat"] == 1


async def test_an_answer_that_was_shown_as_its_process_ended_is_over(place: Place, opened: Opened) -> None:
    """It was cancelled while its chat took the final state: the next process adds nothing to that."""

    class Hesitating(RecordingReply):
        async def show(self, answer: Answer) -> None:
            if answer.phase.is_final:
                self.open.clear()
            await super().show(answer)

    async with opened() as core:
        reply = Hesitating(address="test:1:2")
        answering = asyncio.create_task(core.run(place.turn("ask", "Why is the sky blue?"), reply))
        await until(lambda: reply.tried and reply.tried[-1].phase.is_final)
        answering.cancel()
        reply.open.set()
        await asyncio.wait([answering])
        assert reply.last.phase is Phase.DONE
        assert await core.running.everywhere() == ()


async def test_an_answer_that_a_restart_cut_says_so_in_the_next_process(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """If its chat accepted no calls before the process ended, the next process shows the same reason."""
    reply, simulated.tokens_per_s = Slow(address="test:1:2"), 5
    async with opened() as core:
        answering = asyncio.create_task(core.run(place.turn("ask", "Tell me a long story"), reply))
        await reply.until(lambda answer: answer.phase is Phase.GROWING)
        draining = asyncio.create_task(core.drain(0.2))
        await until(lambda: reply.tried and reply.tried[-1].phase is Phase.CUT)
        answering.cancel()
        await asyncio.wait([answering, draining])
    async with opened() as core:
        shows(core, {"test:1:2": (shown := RecordingReply())})
        await core.repair.tick()
    assert "restarted" in shown.last.note
    assert (shown.last.phase, shown.last.text, shown.last.note) == (
        Phase.CUT,
        reply.tried[-1].text,
        reply.tried[-1].note,
    )


async def test_an_answer_whose_chat_is_away_for_long_is_shown_in_the_end(
    place: Place, opened: Opened, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its chat accepted nothing for longer than a draft waits: the same process shows it once the chat is
    back."""
    monkeypatch.setitem(Draft.__init__.__kwdefaults__, "patience", 0.2)
    reply = Slow(address="test:1:2")
    async with opened() as core:
        shows(core, {"test:1:2": (shown := RecordingReply())})
        await core.run(place.turn("ask", "Why is the sky blue?"), reply)
        await core.repair.tick()
        assert shown.last.text == reply.tried[-1].text
        assert (shown.last.phase, shown.last.note) == (Phase.DONE, "")
        assert await core.running.everywhere() == ()
    assert simulated.record.counts["chat"] == 1


async def test_what_was_not_remembered_yet_is_not_offered_again(place: Place, opened: Opened) -> None:
    """The process ended while a file was fetched: there is nothing to try again, and no such button."""

    async def never(limit: int) -> bytes:
        await asyncio.Event().wait()
        return b""

    async with opened() as core:
        reply = RecordingReply(address="test:1:2")
        slow = Attachment("a.txt", "text/plain", 1, never)
        asking = asyncio.create_task(core.run(place.turn("ask", "Hello", attachments=(slow,)), reply))
        await reply.until(lambda answer: answer.phase is Phase.WORKING)
        asking.cancel()
        await asyncio.wait([asking])
    async with opened() as core:
        shows(core, {"test:1:2": (shown := RecordingReply())})
        await core.repair.tick()
        assert (shown.last.phase, shown.last.actions) == (Phase.CUT, ())
        assert "restarted" in shown.last.note


async def test_a_chat_that_cannot_be_reached_is_tried_again(
    place: Place, opened: Opened, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The repair is not given up, and holds up no other."""
    monkeypatch.setattr(repair, "_PATIENCE_S", 0.2)
    simulated.tokens_per_s = 5
    async with opened() as core:
        await left(core, Place("test:ann"), "test:1")
        await left(core, Place("test:ben"), "test:2")
    away, near = RecordingReply(), RecordingReply()
    away.away_until = asyncio.get_running_loop().time() + 3600
    async with opened() as core:
        shows(core, {"test:1": away, "test:2": near})
        repairing = asyncio.create_task(core.repair.tick())
        await near.until_final()
        assert not repairing.done()
        await repairing
        assert [record.address for record in await core.running.everywhere()] == ["test:1"]
    away.away_until = 0
    async with opened(clock=lambda: time.time() + REPAIR_S + 1) as core:
        shows(core, {"test:1": away})
        await core.repair.tick()
        assert [action.command for action in away.last.actions] == ["try again"]
        assert await core.running.everywhere() == ()


@pytest.mark.parametrize("is_chat_gone", [False, True])
async def test_what_is_gone_is_not_repaired_for_ever(
    place: Place, opened: Opened, simulated: Simulated, *, is_chat_gone: bool
) -> None:
    """If the message or chat no longer exists, the record is removed, too."""
    simulated.tokens_per_s = 5
    async with opened() as core:
        await left(core, place, "test:1")
    async with opened() as core:
        shows(core, {} if is_chat_gone else {"test:1": RecordingReply(deleted=True)})
        await core.repair.tick()
        assert await core.running.everywhere() == ()


class Broken(RecordingReply):
    """A bug of ours comes up."""

    async def show(self, answer: Answer) -> None:
        raise RuntimeError


async def test_an_answer_that_breaks_keeps_no_other_waiting(opened: Opened, simulated: Simulated) -> None:
    """The others are repaired; this one is left for a process that can."""
    simulated.tokens_per_s, near = 5, RecordingReply()
    async with opened() as core:
        await left(core, Place("test:ann"), "test:1")
        await left(core, Place("test:ben"), "test:2")
    async with opened() as core:
        shows(core, {"test:1": Broken(), "test:2": near})
        await core.repair.tick()
        assert near.last.phase is Phase.CUT
        assert [record.address for record in await core.running.everywhere()] == ["test:1"]


async def test_a_repair_keeps_no_process_from_its_end(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """An unreachable chat is left to other processes when this one stops."""
    simulated.tokens_per_s = 5
    away, stop = RecordingReply(), asyncio.Event()
    away.away_until = asyncio.get_running_loop().time() + 3600
    async with opened() as core:
        await left(core, place, "test:1")
    async with opened(shutdown_grace_s=0.1) as core:
        shows(core, {"test:1": away})
        watching = asyncio.create_task(core.maintain(stop))
        await until(lambda: away.tried)
        stop.set()
        await until(watching.done)
        await watching
        assert [record.address for record in await core.running.everywhere()] == ["test:1"]


async def begun(core: Core, place: Place, inbox: Inbox) -> None:
    """Its process died in the moment in which the answer began: the update is still in the inbox."""
    turn = place.turn("ask", "What is a geyser?")
    await inbox.take(turn.id.removeprefix("test:"), b"an update")
    with suppress(asyncio.CancelledError):
        async with core.running.claim("ref", turn, RecordingReply(address="test:1")):
            raise asyncio.CancelledError


async def test_a_question_in_the_inbox_is_not_reported_as_interrupted(place: Place, opened: Opened) -> None:
    """It will be answered once its lease is over: nobody reads before that that the bot restarted."""
    async with opened() as core:
        await begun(core, place, core.inbox("test", Handled()))
        shows(core, {"test:1": (chat := RecordingReply())})
        await core.repair.tick()
        assert await core.running.everywhere() == ()
        assert chat.tried == []


async def test_what_begins_again_is_not_reported_as_interrupted_later(place: Place, opened: Opened) -> None:
    """The inbox hands it out before the lease of the answer is over: what the dead process had begun is not
    reported beside the answer."""
    async with opened() as core:
        async with core.inbox("test", Handled()) as dead:
            await begun(core, place, dead)
        async with core.inbox("test", handled := Handled()):
            await until(lambda: handled.numbers)
        assert await core.running.everywhere() == ()


class Typing(Posting):
    """Shows that it works on something without a message."""

    async def show(self, answer: Answer) -> None:
        if answer.phase is Phase.WORKING:
            await self.open.wait()
        else:
            await super().show(answer)


async def test_a_process_that_wakes_leaves_one_message(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """It stalled before posting the first words, until another process reported the answer as interrupted. It
    then posts the words, learns of that, and removes them."""
    simulated.tokens_per_s, clock, chat = 20, Clock(), Chat()
    reply = Typing(chat)
    reply.open.clear()
    async with opened(clock) as one, opened(clock) as two:
        one.running._store = stalling = Stalling(one.store)
        two.reopens["test"] = as_reopen(chat)
        answering = asyncio.create_task(one.run(place.turn("ask", "Tell me a long story"), reply))
        await until(lambda: simulated.record.counts["chat"])
        stalling.goes.clear()
        clock.ahead = LEASE_S + 1
        await two.repair.tick()
        (interrupted,) = chat.messages.values()
        reply.open.set()
        await until(lambda: len(chat.messages) == 2)
        stalling.goes.set()
        await answering
        assert list(chat.messages.values()) == [interrupted]
        assert [action.command for action in interrupted.actions] == ["try again"]
        assert await one.spend.holds() == 0
