"""People who ask too fast or too much at once are told so, but not again and again."""

import asyncio
import time

import pytest

from core.answer import Phase, Surface
from core.minitool.simulated import Simulated
from tests.core.usecases.conftest import Opened, Place
from tests.recording import RecordingReply


async def test_slow_down_is_said_once_where_every_line_is_a_message(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who keeps writing is told once in a while to slow down, not fifty times; at a button, each
    time."""
    terse = Surface(terse=True)
    async with opened(user_per_minute=1) as core:
        place, replies = Place(), [RecordingReply(surface=terse) for _ in range(8)]
        for reply in replies:
            await core.run(place.turn("ask", "hello"), reply)
        assert [len(reply.shown) > 0 for reply in replies] == [True, True, *[False] * 6]
        assert "Too many requests in a short time. Try again in 60 seconds." in replies[1].last.note
        press = RecordingReply()
        await core.run(place.turn("ask", "hello"), press)
        assert press.last.phase is Phase.FAILED
        monkeypatch.setattr("core.ratelimit._HUSH_S", 0)
        ben, replies = Place("test:ben"), [RecordingReply(surface=terse) for _ in range(3)]
        for reply in replies:
            await core.run(ben.turn("ask", "hello"), reply)
        assert [len(reply.shown) > 0 for reply in replies] == [True] * 3


async def test_pictures_count_as_questions_do(opened: Opened) -> None:
    """An order uses the person's rate, too."""
    async with opened(user_per_minute=1) as core:
        place, replies = Place(), [RecordingReply(address="") for _ in range(3)]
        for command, reply in zip(("imagine", "imagine", "ask"), replies, strict=True):
            await core.run(place.turn(command, "a fox"), reply)
    assert [reply.last.phase for reply in replies] == [Phase.DONE, Phase.FAILED, Phase.FAILED]


async def test_who_was_let_in_again_is_told_again(opened: Opened) -> None:
    """A person who waited and is refused once more is told once more."""
    now, replies = time.time(), [RecordingReply(surface=Surface(terse=True)) for _ in range(4)]
    async with opened(clock=lambda: now, user_per_minute=1) as core:
        place = Place()
        for reply in replies:
            await core.run(place.turn("ask", "hello"), reply)
            now += 60 if reply is replies[1] else 0
    assert [reply.last.phase for reply in replies] == [Phase.DONE, Phase.FAILED] * 2


async def test_who_was_told_in_one_chat_is_told_in_another(opened: Opened) -> None:
    """Silence there would be the only response."""
    terse = Surface(terse=True)
    async with opened(user_per_minute=1, deny=("test:ben",)) as core:
        for person, seen in (("test:ann", [True, True, False, True]), ("test:ben", [True, False, False, True])):
            group, elsewhere = Place(person), Place(person, "test:elsewhere")
            replies = [RecordingReply(surface=terse) for _ in seen]
            for reply in replies[:3]:
                await core.run(group.turn("ask", "hello"), reply)
            elsewhere.count = group.count
            await core.run(elsewhere.turn("ask", "hello", chat="test:chat:2"), replies[3])
            assert [len(reply.shown) > 0 for reply in replies] == seen


async def test_too_many_at_once_is_said_as_such(opened: Opened, place: Place, simulated: Simulated) -> None:
    """The refusal says that earlier answers have to end first."""
    simulated.tokens_per_s = 1
    async with opened(user_concurrency=1) as core:
        first = RecordingReply()
        running = asyncio.create_task(core.run(place.turn("ask", "hello"), first))
        await first.until(lambda answer: answer.phase is Phase.GROWING)
        second = RecordingReply()
        await core.run(place.turn("ask", "And?"), second)
        assert "until one of them is done: try again then" in second.last.note
        await core.run(place.turn("stop"), RecordingReply())
        await running


async def test_what_is_free_is_not_without_end(opened: Opened) -> None:
    """Free commands use a chat's rate, too: somebody who repeats them is told once."""
    now, terse = time.time(), Surface(terse=True)
    async with opened(clock=lambda: now) as core:
        place, replies = Place(), [RecordingReply(surface=terse) for _ in range(30)]
        for reply in replies:
            await core.run(place.turn("help"), reply)
        assert [len(reply.shown) > 0 for reply in replies] == [*[True] * 21, *[False] * 9]
        assert replies[20].last.phase is Phase.FAILED
        other = RecordingReply(surface=terse)
        await core.run(Place("test:ben").turn("help"), other)
        assert other.last.phase is Phase.DONE


async def test_who_is_not_let_in_hears_it_once(opened: Opened) -> None:
    """A denied person cannot make the bot repeat the refusal in front of everybody."""
    async with opened(deny=("test:ann",)) as core:
        replies = [RecordingReply(surface=Surface(terse=True)) for _ in range(5)]
        for reply in replies:
            await core.run(Place("test:ann").turn("ask", "hello"), reply)
        assert [len(reply.shown) > 0 for reply in replies] == [True, *[False] * 4]


async def test_other_refusals_are_said_each_time(opened: Opened, simulated: Simulated) -> None:
    """Only repeated refusals are silent: a reworded prompt gets its answer; commands that save money or erase
    always work."""
    simulated.tokens_per_s = 1
    terse = Surface(terse=True)
    async with opened() as core:
        await core.control.block("gore, blood", "test")
        place, growing = Place(), RecordingReply(surface=terse)
        for prompt in ("gore", "blood"):
            reply = RecordingReply(surface=terse)
            await core.run(place.turn("imagine", prompt), reply)
            assert "not allowed" in reply.last.note
        running = asyncio.create_task(core.run(place.turn("ask", "hello"), growing))
        await growing.until(lambda answer: answer.phase is Phase.GROWING)
        for _ in range(25):
            await core.run(place.turn("help"), RecordingReply(surface=terse))
        await core.run(place.turn("stop"), RecordingReply(surface=terse))
        await running
        assert growing.last.phase is Phase.STOPPED
        forget = RecordingReply(surface=terse)
        await core.run(place.turn("forget"), forget)
        assert forget.last.actions
