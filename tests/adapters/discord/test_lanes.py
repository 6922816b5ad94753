"""How soon people see that the bot works, and what that costs."""

import asyncio

import aiohttp
import pytest

from bots.discord.account import Account
from bots.discord.lanes import FIRST_WORD_S, ReplyLane
from bots.discord.reply import DiscordReply
from bots.discord.rest import ACCOUNT_CALLS, Rest
from core.answer import Answer, Phase
from core.draft import Draft
from core.pace import OpenLane, Rank
from core.turn import Turn
from tests.adapters.discord.conftest import Stage
from tests.standins.discord import Fault


class CountingLane(OpenLane):
    """A lane without limits that keeps what entered it."""

    def __init__(self) -> None:
        self.entered: list[Rank] = []

    async def enter(self, rank: Rank) -> bool:
        self.entered.append(rank)
        return True


async def test_a_mention_is_answered_with_is_typing_before_the_first_word(stage: Stage) -> None:
    """Discord shows by itself that a command is worked on; a mention is followed by "is typing" where no first
    word came within half a second, and not by a message. The first word does not wait until it may be said that
    the bot is typing."""
    discord, go = stage.discord, asyncio.Event()
    discord.faults = [Fault("/typing$", status=429, retry_after=600)]

    async def play(turn: Turn, reply: DiscordReply) -> None:
        async with Draft(reply, Answer(Phase.WORKING), locale="en") as draft:
            await go.wait()
            await draft.finish(Answer(Phase.DONE, "at last"))

    stage.core.play = play
    asked = await discord.mention("?")
    assert FIRST_WORD_S < 0.5  # how fast that is in truth is the benchmark's to say
    await discord.until(lambda: [one for one in discord.calls if one.path.endswith("/typing")])
    assert not discord.answers(asked)
    go.set()
    await discord.until(lambda: discord.answers(asked))


async def test_is_typing_costs_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord counts "is typing" apart from messages: each of a channel's few calls is left for the answer."""
    monkeypatch.setattr("bots.discord.lanes.FIRST_WORD_S", 0.0)
    messages, typing = CountingLane(), CountingLane()
    lane = ReplyLane(lambda: messages, lambda: typing, has_begun=False)
    assert await lane.enter(Rank.GROWTH)
    assert lane.may_type
    assert (messages.entered, typing.entered) == ([], [Rank.COSMETIC])
    async with lane.call(Rank.GROWTH):
        assert messages.entered == [Rank.GROWTH]


async def test_the_first_word_is_shown_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for it waits no longer, and nothing says that the bot is typing."""
    monkeypatch.setattr("bots.discord.lanes.FIRST_WORD_S", 600.0)
    messages, typing = CountingLane(), CountingLane()
    lane = ReplyLane(lambda: messages, lambda: typing, has_begun=False)
    entering = asyncio.create_task(lane.enter(Rank.GROWTH))
    await asyncio.sleep(0)
    lane.hurry(Rank.FIRST)
    assert await entering
    assert (messages.entered, typing.entered, lane.may_type) == ([Rank.FIRST], [], False)


async def test_typing_takes_no_calls_from_the_first_words_of_a_crowd() -> None:
    """Where as many as the account has calls ask at once, some would wait a second for their first words
    if "is typing" took calls."""
    async with aiohttp.ClientSession() as session:
        account = Account(Rest("", "", session))
        account.working = ACCOUNT_CALLS * 9 // 10
        assert account.typing_lane("1") is not None
        account.working += 1
        assert account.typing_lane("1") is None
