"""The adapter between a loopback Discord and a core whose part the test plays."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bots.discord.client import link, run_discord
from bots.discord.reply import DiscordReply
from core.answer import Answer, Phase
from core.catalogue import read_catalogue
from core.draft import present
from core.settings import Settings
from core.turn import Person, Turn
from tests.contracts.reply import show
from tests.standins.discord import DiscordStandin, Interaction
from tests.waiting import until

Play = Callable[[Turn, DiscordReply], Awaitable[None]]


async def echo(turn: Turn, reply: DiscordReply) -> None:
    await present(reply, Answer(Phase.DONE, text=f"You said: {turn.text}"), locale="en")


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


def said(interaction: Interaction) -> str:
    """What was answered."""
    return without_question(interaction.text)


def without_question(text: str) -> str:
    """An answer without the line above it that says what was asked."""
    return re.sub(r"\A> [^\n]*(\n|\Z)", "", text)


class StageCore:
    """Stands where Core does: keeps every Turn and lets the test play the use case."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.catalogue = read_catalogue()
        self.turns: list[Turn] = []
        self.replies: list[DiscordReply] = []
        self.deleted: list[tuple[str, str]] = []
        self.seen: set[str] = set()
        self.denied: set[str] = set()  # people
        self.languages: dict[str, str] = {}  # people's own choices
        self.play: Play = echo
        self.reopen: Any = None
        self.store_answers = asyncio.Event()  # until it is set, the store hangs
        self.store_answers.set()

    async def language_of(self, person: Person) -> str:
        return self.languages.get(person.id, person.locale)

    async def lets_in(self, turn: Turn) -> bool:
        return turn.person.id not in self.denied

    async def refuses(self, turn: Turn) -> bool:
        return False  # what the test plays is for everybody

    async def once(self, id: str) -> bool:  # noqa: A002
        await self.store_answers.wait()
        is_new = id not in self.seen
        self.seen.add(id)
        return is_new

    async def run(self, turn: Turn, reply: DiscordReply) -> None:
        self.turns.append(turn)
        self.replies.append(reply)
        await self.play(turn, reply)

    def message_deleted(self, room: str, message: str) -> None:
        self.deleted.append((room, message))

    @asynccontextmanager
    async def serving(self, platform: str, reopen: Any) -> AsyncIterator[None]:
        self.reopen = reopen
        yield


class Stage:
    """A running adapter, its Discord, and its core."""

    def __init__(self, discord: DiscordStandin, core: StageCore) -> None:
        self.discord = discord
        self.core = core

    @property
    def turn(self) -> Turn:
        return self.core.turns[-1]


@asynccontextmanager
async def on_stage(discord: DiscordStandin, *, connects: bool = True, **overrides: Any) -> AsyncIterator[Stage]:
    """The adapter with these settings; `connects` waits until it is connected."""
    given = {"discord_token": discord.token, "discord_api_base": discord.base, "minitoolai_simulated": True}
    settings = Settings(_env_file=None, **(given | overrides))
    core, stop, before = StageCore(settings), asyncio.Event(), len(discord.gateway.connected)
    task = asyncio.create_task(run_discord(core, stop))  # type: ignore[arg-type]
    try:
        if connects:
            await until(lambda: len(discord.gateway.connected) > before and link().state == "ok")
        yield Stage(discord, core)
    finally:
        stop.set()
        await task


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandin]:
    async with DiscordStandin() as standin:
        yield standin


@pytest.fixture
async def stage(discord: DiscordStandin) -> AsyncIterator[Stage]:
    async with on_stage(discord) as running:
        yield running
