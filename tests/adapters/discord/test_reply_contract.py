"""Discord's Reply keeps the contract, both ways: through an interaction's token and with the bot's own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bots.discord.reply import DiscordReply
from core.pace import Limits, Window
from core.turn import Turn
from tests.adapters.discord.conftest import Stage, without_question
from tests.contracts.reply import ReplyContract
from tests.standins.discord import DiscordStandin, Fault, Message

ANSWERS = r"(POST|PATCH) /(webhooks|channels/\d+/messages)"


class DiscordScreen:
    """The answers to one question, as a person sees them."""

    longest = 2000

    def __init__(self, stage: Stage, reply: DiscordReply) -> None:
        self.reply = reply
        self._stage = stage
        self._discord: DiscordStandin = stage.discord

    def _answers(self) -> list[Message]:
        ours = [one for one in self._discord.messages.values() if one.author is self._discord.bot]
        return [one for one in ours if not one.deleted and not one.loading]

    async def reopen(self, address: str) -> Any:
        return await self._stage.core.reopens.reopen(address)

    def texts(self) -> list[str]:
        return [without_question(one.content) for one in self._answers()]

    def buttons(self) -> list[str]:
        return self._answers()[-1].labels

    def choices(self) -> list[str]:
        return [option["label"] for select in self._answers()[-1].selects for option in select["options"]]

    def pictures(self) -> list[tuple[bytes, bool]]:
        return [(file.data, file.spoiler) for one in self._answers() for file in one.files]

    def calls(self) -> int:
        return len(self._discord.calls)

    def slow_down(self, seconds: float) -> None:
        self._discord.faults.append(Fault(ANSWERS, status=429, retry_after=seconds))

    def break_off(self) -> None:
        self._discord.faults.append(Fault(ANSWERS, status=0))

    async def delete_last(self) -> None:
        await self._discord.delete(self._answers()[-1])


@pytest.fixture
def _without_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown is proven here; when it may be is another matter."""
    plenty = Window(1000, 1.0)
    limits = Limits(chat=(plenty,), account=(plenty,))
    monkeypatch.setattr("bots.discord.account._limits", lambda calls: limits)
    monkeypatch.setattr("bots.discord.account.HOOK_WINDOW", plenty)
    monkeypatch.setattr("bots.discord.lanes.FIRST_WORD_S", 0.0)


@pytest.fixture(params=["slash", "mention", "private", "guest"])
async def screen(
    request: pytest.FixtureRequest, _without_pace: None, stage: Stage
) -> AsyncIterator[DiscordScreen]:
    opened: asyncio.Future[DiscordReply] = asyncio.get_running_loop().create_future()
    done = asyncio.Event()

    async def play(turn: Turn, reply: DiscordReply) -> None:
        opened.set_result(reply)
        await done.wait()

    stage.core.play = play
    discord = stage.discord
    discord.limits.enabled = False
    match request.param:
        case "slash":
            await discord.slash("ask", {"question": "?"})
        case "mention":
            await discord.mention("?")
        case "private":
            await discord.slash("ask", {"question": "?", "private": True})
        case "guest":
            await discord.slash("ask", {"question": "?"}, channel=discord.foreign_channel(), installed=False)
    yield DiscordScreen(stage, await opened)
    done.set()
    assert not discord.refused


class TestDiscordReply(ReplyContract):
    pass
