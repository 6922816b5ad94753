"""The adapter between a loopback Discord and a scripted core."""

import asyncio
import functools
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bots.discord import commands
from bots.discord.client import Connection
from bots.discord.reply import DiscordReply
from bots.monitoring import Link
from core.answer import Answer
from core.draft import present
from core.turn import Turn
from tests.adapters.scripted_core import Play, ScriptedCore, open_scripted_core
from tests.conftest import MakeSettings
from tests.contracts.reply import show
from tests.standins.discord import DiscordStandin, Interaction
from tests.waiting import until


def shows(*answers: Answer) -> Play:
    """A use case that shows these states, each until it is delivered."""

    async def play(turn: Turn, reply: DiscordReply) -> None:
        for answer in answers:
            if answer.phase.is_final:
                await present(reply, answer, locale="en")
            else:
                await show(reply, answer)

    return play


def waits(then: Answer, first: Answer | None = None) -> tuple[Play, asyncio.Event]:
    """A use case that shows `first`, and `then` once the event is set."""
    go = asyncio.Event()

    async def play(turn: Turn, reply: DiscordReply) -> None:
        if first:
            await show(reply, first)
        await go.wait()
        await present(reply, then, locale="en")

    return play, go


def answer_text(interaction: Interaction) -> str:
    """The text of the answer, without the question above it."""
    return without_question(interaction.text)


def without_question(text: str) -> str:
    """An answer without the line above it that says what was asked."""
    return re.sub(r"\A> [^\n]*(\n|\Z)", "", text)


class Stage:
    """A running adapter, its Discord, and its core."""

    def __init__(self, discord: DiscordStandin, core: ScriptedCore, link: Callable[[], Link]) -> None:
        self.discord = discord
        self.core = core
        self.link = link

    @property
    def turn(self) -> Turn:
        return self.core.turns[-1]


OpenStage = Callable[..., AbstractAsyncContextManager[Stage]]  # with settings that differ


@pytest.fixture(scope="session", autouse=True)
def _menu_is_built_once() -> Iterator[None]:
    """Its texts in every language take longer than all else that a connection begins with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "build", functools.cache(commands.build))
        yield


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandin]:
    async with DiscordStandin() as standin:
        yield standin


@pytest.fixture
def open_stage(discord: DiscordStandin, make_settings: MakeSettings) -> OpenStage:
    """The adapter with these settings; `connects` waits until it is connected."""

    @asynccontextmanager
    async def opened(*, connects: bool = True, **overrides: Any) -> AsyncIterator[Stage]:
        given = {"discord_token": discord.token, "discord_api_base": discord.base, "minitoolai_simulated": True}
        async with open_scripted_core(make_settings(**given | overrides)) as core:
            stop, before = asyncio.Event(), len(discord.gateway.connected)
            connection = Connection(core, stop)
            task = asyncio.create_task(connection.run())
            try:
                if connects:
                    await until(
                        lambda: len(discord.gateway.connected) > before and connection.link().state == "ok"
                    )
                yield Stage(discord, core, connection.link)
            finally:
                stop.set()
                await task

    return opened


@pytest.fixture
async def stage(open_stage: OpenStage) -> AsyncIterator[Stage]:
    async with open_stage() as running:
        yield running
