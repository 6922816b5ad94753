"""The adapter between a loopback Telegram and a scripted core."""

import asyncio
import functools
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from PIL import Image

from bots.monitoring import Link
from bots.telegram import commands
from bots.telegram.client import Connection
from core import metrics
from core.settings import Settings
from core.turn import Turn
from tests.adapters.scripted_core import ScriptedCore, open_scripted_core
from tests.standins.telegram import TelegramStandin
from tests.waiting import PATIENCE_S, until


class Stage:
    """A running adapter, its Telegram, and its core."""

    def __init__(self, telegram: TelegramStandin, core: ScriptedCore, link: Callable[[], Link]) -> None:
        self.telegram = telegram
        self.core = core
        self.link = link

    async def turn(self, count: int = 1) -> Turn:
        """The `count`th turn that reached core."""
        await until(lambda: len(self.core.turns) >= count)
        return self.core.turns[count - 1]

    async def settled(self) -> None:
        """Every update so far has begun or is over."""
        await until(lambda: not self.telegram.updates.waiting)
        await until(self._has_begun_all)

    async def _has_begun_all(self) -> bool:
        return not await self.core.store.redis.zcard("{inbox:telegram}:leases")


@functools.cache
def _set_menus() -> str:
    """What is kept once they are set."""
    return commands._fingerprint(commands._build(admin=False))


@asynccontextmanager
async def on_stage(
    telegram: TelegramStandin, settings: Settings, *, connects: bool = True, is_first: bool = True
) -> AsyncIterator[Stage]:
    """The adapter at work; `connects` waits until it is connected. After the first start the menus are set
    already, in every language."""
    async with open_scripted_core(settings) as core:
        if not is_first:
            await core.kept.keep(_set_menus(), f"telegram:menus:{telegram.world.bot.id}:all", 86_400)
        stop = asyncio.Event()
        connection = Connection(core, stop)
        task = asyncio.create_task(connection.run())
        try:
            if connects:
                await until(lambda: connection.link().state == "ok" or task.done())
            if task.done():
                task.result()
            yield Stage(telegram, core, connection.link)
        finally:
            stop.set()
            await asyncio.wait_for(task, PATIENCE_S)


OpenStage = Callable[..., AbstractAsyncContextManager[Stage]]  # with settings that differ


def picture(width: int = 900, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (30, 90, 200)).save(out, "PNG")
    return out.getvalue()


def slowdowns() -> float:
    """What operators see of the calls that Telegram refused for their number."""
    return metrics.REGISTRY.get_sample_value("minitool_slowdowns_total", {"platform": "telegram"}) or 0.0
