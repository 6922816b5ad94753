"""Puts the service together: one core, and every adapter that the settings allow, in one event loop."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import structlog

from bots.logs import set_up_logs
from core.app import CannotStart, Core, open_core
from core.settings import BadSettings, Settings, read_settings

log = structlog.get_logger(__name__)

PARTS = ("web", "discord", "telegram")
RELOADED = {"allow", "deny"}  # what SIGHUP takes from the settings
Part = Coroutine[Any, Any, None]


async def serve(settings: Settings, parts: tuple[str, ...]) -> int:
    """Runs until SIGTERM or SIGINT. Returns the exit code."""
    set_up_logs(settings)
    stop, code = asyncio.Event(), 0
    try:
        async with open_core(settings, alone=True) as core, _signals(stop, partial(_reload, core, settings)):
            await _serve(core, settings, parts, stop)
    except* CannotStart as errors:  # out of a part, it comes in a group
        sys.stderr.writelines(f"{error}\n" for error in errors.exceptions)
        code = 1
    return code


def _reload(core: Core, settings: Settings) -> None:
    """Files and lists again. What else changed in the settings holds from the next start on."""
    try:
        fresh = read_settings()
    except BadSettings as error:
        log.error("run.not_reloaded", problems=error.problems)
        return
    core.reload(fresh)
    if waiting := settings.differing(fresh) - RELOADED:
        log.warning("run.restart_needed", settings=sorted(name.upper() for name in waiting))


async def _serve(core: Core, settings: Settings, parts: tuple[str, ...], stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        for name, part in _parts(core, settings, parts, stop).items():
            group.create_task(_ending_all(part, stop), name=name)
        gc.freeze()  # what was imported needs no looking through from here on
        gc.enable()
        group.create_task(core.watch(stop), name="core")
        await stop.wait()
        log.info("run.stopping", grace_s=settings.shutdown_grace_s)
        await core.drain(settings.shutdown_grace_s)


async def _ending_all(part: Part, stop: asyncio.Event) -> None:
    """A part that ends, for whatever reason, takes the others along the orderly way."""
    try:
        await part
    finally:
        stop.set()


def _parts(core: Core, settings: Settings, names: tuple[str, ...], stop: asyncio.Event) -> dict[str, Part]:
    """The adapters to start. Platform libraries are imported only where their token is set."""
    parts: dict[str, Part] = {}
    routes: list[Any] = []  # Starlette's routes; the type would import it
    if "discord" in names and settings.discord_token.get_secret_value():
        from bots.discord.client import run_discord

        parts["discord"] = run_discord(core, settings, stop)
    if "telegram" in names and settings.telegram_token.get_secret_value():
        from bots.telegram.client import run_telegram

        parts["telegram"] = run_telegram(core, settings, stop)
        if settings.telegram_webhook_url:
            from bots.telegram.webhook import DOOR

            routes.append(DOOR.route)
    if settings.web_port and ("web" in names or routes):
        from bots.web.server import run_web

        parts["web"] = run_web(core, settings, stop, routes)
    return parts


@asynccontextmanager
async def _signals(stop: asyncio.Event, reload: Callable[[], None]) -> AsyncIterator[None]:
    """SIGTERM and SIGINT ask for an orderly end, SIGHUP reads lists and words again."""
    loop = asyncio.get_running_loop()
    wanted = {"SIGTERM": stop.set, "SIGINT": stop.set, "SIGHUP": reload}
    numbers = {name: getattr(signal, name) for name in wanted if hasattr(signal, name)}
    for name, number in numbers.items():
        with suppress(NotImplementedError):  # Windows has no signal handlers on the loop
            loop.add_signal_handler(number, wanted[name])
    try:
        yield
    finally:
        for number in numbers.values():
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
