"""A real core with one running adapter, connected to its stand-in."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from bots.discord.client import Connection as Discord
from bots.telegram.client import Connection as Telegram
from core.app import Core
from core.minitool.simulated import Simulated, serve_simulated
from core.opening import open_core
from tests.conftest import MakeSettings
from tests.dumps import everything, everything_logged
from tests.waiting import PATIENCE_S, until

ADAPTERS: Mapping[str, type[Discord | Telegram]] = {"discord": Discord, "telegram": Telegram}


class World:
    """A running bot, and everything of it that can be seen from outside."""

    def __init__(self, core: Core, simulated: Simulated, lines: list[str]) -> None:
        self.core, self.simulated, self.lines = core, simulated, lines

    async def holds_none_of(self, secrets: set[str], shown: list[str]) -> None:
        bodies = json.dumps([dict(call.body) for call in self.simulated.record.calls])
        held = (await everything(self.core.store)).decode("latin-1")
        places = {"requests": bodies, "store": held, "log": "\n".join(self.lines), "chat": "\n".join(shown)}
        found = {f"{secret} in {name}" for name, text in places.items() for secret in secrets if secret in text}
        assert not found, found


@asynccontextmanager
async def running_adapter(platform: str, make_settings: MakeSettings, **given: Any) -> AsyncIterator[World]:
    simulated = Simulated(tokens_per_s=0, first_token_s=0)
    async with AsyncExitStack() as stack:
        lines = stack.enter_context(everything_logged())
        address = await stack.enter_async_context(serve_simulated(simulated))
        basis = {"minitoolai_base_url": address, "minitoolai_api_key": "key", "burst_quiet_s": 0.1}
        settings = make_settings(**basis, user_per_minute=1000, log_level="debug", **given)
        core = await stack.enter_async_context(open_core(settings))
        stop = asyncio.Event()
        connection = ADAPTERS[platform](core, stop)
        task = asyncio.create_task(connection.run())
        watching = asyncio.create_task(core.maintain(stop))
        try:
            await until(lambda: connection.link().state == "ok" or task.done())
            yield World(core, simulated, lines)
        finally:
            stop.set()
            await asyncio.wait_for(asyncio.gather(task, watching), PATIENCE_S)
