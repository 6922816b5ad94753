"""The adapter between a loopback Telegram and a core whose part the test plays."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

from PIL import Image

from bots.telegram.client import link, run_telegram
from core.answer import Answer, Phase, Reply
from core.bursts import Bursts
from core.catalogue import catalogue_for
from core.draft import present
from core.inbox import Inbox
from core.kept import Kept
from core.seal import Seal
from core.settings import Settings
from core.store import Store
from core.turn import Person, Turn
from tests.standins.telegram import TelegramStandin
from tests.waiting import PATIENCE_S, until

Play = Callable[[Turn, Reply], Awaitable[None]]


async def echo(turn: Turn, reply: Reply) -> None:
    await present(reply, Answer(Phase.DONE, text=f"You said: {turn.text}"), locale="en")


class StageCore:
    """Stands where Core does: keeps every Turn and lets the test play the use case."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.bursts = Bursts(store, Seal(), settings)
        self.catalogue = catalogue_for(settings)
        self.kept = Kept(store, Seal())
        self.inbox = partial(Inbox, store, Seal())
        self.turns: list[Turn] = []
        self.seen: set[str] = set()
        self.under_way: list[Reply] = []
        self.moves: list[tuple[str, str]] = []
        self.denied: set[str] = set()  # people
        self.knows = True  # who is denied; a store that is away does not tell
        self.languages: dict[str, str] = {}  # people's own choices
        self.play: Play = echo
        self.reopen: Callable[[str], Awaitable[Reply]]

    async def language_of(self, person: Person) -> str:
        return self.languages.get(person.id, person.locale)

    async def move_chat(self, chat: str, to: str) -> None:
        self.moves.append((chat, to))

    async def lets_in(self, turn: Turn, *, unknown: bool = False) -> bool:
        return turn.person.id not in self.denied if self.knows else unknown

    async def refuses(self, turn: Turn) -> bool:
        return turn.person.id in self.denied

    async def is_answering(self, address: str) -> bool:
        return any(reply.address == address for reply in self.under_way)

    async def once(self, id: str) -> bool:  # noqa: A002
        is_new = id not in self.seen
        self.seen.add(id)
        return is_new

    async def has_begun_all(self) -> bool:
        return not await self.store.redis.zcard("{inbox:telegram}:leases")

    async def tell(self, reply: Reply, answer: Answer, *, locale: str) -> bool:
        return await present(reply, answer, locale=locale)

    async def run(self, turn: Turn, reply: Reply) -> None:
        self.turns.append(turn)
        self.under_way.append(reply)
        try:
            await self.play(turn, reply)
        finally:
            self.under_way.remove(reply)

    @asynccontextmanager
    async def serving(self, platform: str, reopen: Any) -> AsyncIterator[None]:
        self.reopen = reopen
        yield


class Stage:
    """A running adapter, its Telegram, and its core."""

    def __init__(self, telegram: TelegramStandin, core: StageCore) -> None:
        self.telegram = telegram
        self.core = core

    async def turn(self, count: int = 1) -> Turn:
        """The `count`th turn that reached core."""
        await until(lambda: len(self.core.turns) >= count)
        return self.core.turns[count - 1]

    async def settled(self) -> None:
        """Every update so far has begun or is over."""
        await until(lambda: not self.telegram.updates.waiting)
        await until(self.core.has_begun_all)


@asynccontextmanager
async def on_stage(telegram: TelegramStandin, settings: Settings, store: Store) -> AsyncIterator[Stage]:
    """The adapter at work."""
    core, stop = StageCore(settings, store), asyncio.Event()
    task = asyncio.create_task(run_telegram(core, stop))  # type: ignore[arg-type]
    try:
        await until(lambda: link().state == "ok" or task.done())
        if task.done():
            task.result()
        yield Stage(telegram, core)
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE_S)


OpenStage = Callable[..., AbstractAsyncContextManager[Stage]]  # with settings that differ


def picture(width: int = 900, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (30, 90, 200)).save(out, "PNG")
    return out.getvalue()
