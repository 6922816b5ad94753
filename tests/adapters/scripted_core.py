"""A real core for tests of adapters, except that the test provides what `run` does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from core.answer import Answer, Phase, Reply
from core.app import Core
from core.draft import present
from core.opening import open_core
from core.reopens import Reopen
from core.settings import Settings
from core.turn import Turn

Play = Callable[[Turn, Any], Awaitable[None]]  # with the Reply of its platform


async def echo(turn: Turn, reply: Reply) -> None:
    await present(reply, Answer(Phase.DONE, text=f"You said: {turn.text}"), locale="en")


class ScriptedCore(Core):
    """Records the turns and replies that it gets, and calls the test's `play` in place of a use case."""

    def __init__(self, core: Core) -> None:
        vars(self).update(vars(core))  # the parts of that one
        self.turns: list[Turn] = []
        self.replies: list[Reply] = []
        self.under_way: list[Reply] = []
        self.moves: list[tuple[str, str]] = []
        self.deleted: list[tuple[str, str]] = []
        self.play: Play = echo
        self.before = "a fox"  # of every order

    async def run(self, turn: Turn, reply: Reply) -> None:
        self.turns.append(turn)
        self.replies.append(reply)
        self.under_way.append(reply)
        try:
            await self.play(turn, reply)
        finally:
            self.under_way.remove(reply)

    async def prefill(self, turn: Turn) -> str | None:
        """What the test plays has no orders that could be somebody else's."""
        return self.before if await self.lets_in(turn) else None

    async def is_answering(self, address: str) -> bool:
        return any(reply.address == address for reply in self.under_way)

    async def move_chat(self, chat: str, to: str) -> None:
        self.moves.append((chat, to))

    def message_deleted(self, room: str, message: str) -> None:
        self.deleted.append((room, message))

    @asynccontextmanager
    async def serving(self, platform: str, reopen: Reopen) -> AsyncIterator[None]:
        """Without a worker: there are no orders."""
        self.reopens[platform] = reopen
        yield


@asynccontextmanager
async def open_scripted_core(settings: Settings) -> AsyncIterator[ScriptedCore]:
    async with open_core(settings, books_only=True) as core:
        yield ScriptedCore(core)
