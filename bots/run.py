"""Runs the service: one core, and every adapter that the settings allow, in one event loop."""

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog

from bots.logs import loud, set_up_logs
from bots.monitoring import Monitor
from core.app import Core
from core.environment import FILE, shell_language, unknown_names
from core.errors import CannotStart, StoreError
from core.opening import open_core
from core.sentences import sentence
from core.settings import MESSENGERS, NAMES, BadSettings, Settings, read_settings
from core.words import pick

log = structlog.get_logger(__name__)

PARTS = ("web", *MESSENGERS)
_RELOADED = {"allow", "deny"}  # what SIGHUP takes from the settings
# After this many new objects Python looks for reference cycles. What an answer makes is nearly all gone by
# itself: a look every 700, as by default, is 5 % of its CPU (`bench.discord`).
_COLLECT_EVERY = 10_000, 20, 20
_Part = Coroutine[Any, Any, None]


async def serve(settings: Settings, parts: tuple[str, ...]) -> int:
    """Runs until SIGTERM or SIGINT. Returns the exit code."""
    gc.disable()  # until all parts are imported
    set_up_logs(settings)
    for name, meant in unknown_names(NAMES):
        log.warning("run.setting_unknown", name=name, meant=meant)
    stop, hangup, code = asyncio.Event(), asyncio.Event(), 0
    _handle_signals(stop, hangup)
    try:
        async with open_core(settings, alone=True) as core:
            if settings.is_simulated:
                hint = f"every answer is made up; for real ones set {settings.ends_simulation}"
                by = "ourselves" if settings.serves_simulation else settings.minitoolai_base_url
                loud.warning("core.simulated", by=by, hint=hint)
            await _serve(core, parts, stop, hangup)
    except* CannotStart as errors:  # out of a part, it comes in a group
        sys.stderr.writelines(f"{error}\n" for error in errors.exceptions)
        code = max((error.code for error in errors.exceptions if isinstance(error, CannotStart)), default=1)
    except* StoreError as errors:  # what its disk did not take is lost with an embedded one
        outages = [error for error in errors.exceptions if isinstance(error, StoreError)]
        locale = pick(shell_language())
        sys.stderr.writelines(f"{sentence(error, locale, settings)}\n" for error in outages)
        code = 1
    return code


def problems_of(settings: Settings, only: tuple[str, ...]) -> list[str]:
    """A problem for each part that `--only` names and that the settings switch off."""
    problems = []
    for part in only:
        name, off = ("web_port", "0") if part == "web" else (f"{part}_token", "empty")
        if not getattr(settings, name):
            problems.append(f"{name.upper()}: is {off}, and --only names {part}")  # not for people: of settings
    return problems


async def _reload_when(hangup: asyncio.Event, core: Core) -> None:
    while True:
        await hangup.wait()
        hangup.clear()
        try:
            _reload(core)
        except Exception:  # what serves goes on serving
            log.exception("run.reload_broke")


def _reload(core: Core) -> None:
    """Reads files and lists again. Other settings that changed take effect with the next start."""
    try:
        if core.settings.has_file and not FILE.is_file():  # its DENY would be lifted by accident
            raise BadSettings([f"{FILE}: is gone"])  # not for people: as problems of the settings
        fresh = read_settings()
    except BadSettings as error:
        log.error("run.not_reloaded", problems=error.problems)
        return
    core.reload(fresh)
    if waiting := core.settings.differing(fresh) - _RELOADED:
        log.warning("run.restart_needed", settings=sorted(name.upper() for name in waiting))


async def _serve(core: Core, parts: tuple[str, ...], stop: asyncio.Event, hangup: asyncio.Event) -> None:
    monitor, grace_s, failures = Monitor(core), core.settings.shutdown_grace_s, list[Exception]()
    async with asyncio.TaskGroup() as group:
        group.create_task(monitor.run(stop), name="monitor")
        serving = _parts(core, parts, stop, monitor)
        if not serving:
            loud.warning("run.nothing_to_serve", hint="set WEB_PORT, or the token of a platform")
        for name, part in serving.items():
            group.create_task(_stop_all_after(part, stop, failures), name=name)
        gc.freeze()  # what was imported needs no looking through from here on
        gc.set_threshold(*_COLLECT_EVERY)
        gc.enable()
        group.create_task(core.maintain(stop), name="core")
        reloading = group.create_task(_reload_when(hangup, core), name="reload")
        await stop.wait()
        reloading.cancel()
        log.info("run.stopping", grace_s=grace_s)
        await core.drain(grace_s)
    if failures:
        raise ExceptionGroup("parts of the service", failures)  # not for people: developers read tracebacks


async def _stop_all_after(part: _Part, stop: asyncio.Event, failures: list[Exception]) -> None:
    """Awaits a part; when it ends, for whatever reason, stops the others in an orderly way. Its error goes into
    `failures`, to be raised once they are done: raised here, it would cancel them."""
    try:
        await part
    except Exception as error:
        failures.append(error)
    finally:
        stop.set()


def _parts(core: Core, names: tuple[str, ...], stop: asyncio.Event, monitor: Monitor) -> dict[str, _Part]:
    """The adapters to start. Platform libraries are imported only where their token is set."""
    settings = core.settings
    parts: dict[str, _Part] = {}
    routes: list[Any] = []  # Starlette's routes; the type would import it
    if "discord" in names and settings.discord_token:
        from bots.discord.client import Connection as Discord

        discord = Discord(core, stop)
        parts["discord"], monitor.links["discord"] = discord.run(), discord.link
    if "telegram" in names and settings.telegram_token:
        from bots.telegram.client import Connection as Telegram

        telegram = Telegram(core, stop)
        parts["telegram"], monitor.links["telegram"] = telegram.run(), telegram.link
        if settings.telegram_webhook_url:
            from bots.telegram.webhook import WEBHOOK

            routes.append(WEBHOOK.route)
    if settings.web_port and ("web" in names or routes):
        parts["web"] = _web(core, stop, monitor, routes, has_chat_page="web" in names)
    elif settings.web_port and settings.source_of("web_port") == "environment":
        parts["web"] = _bare_web(core, stop, monitor)
    return parts


async def _web(
    core: Core,
    stop: asyncio.Event,
    monitor: Monitor,
    routes: Sequence[Any] = (),
    *,
    has_chat_page: bool = False,
) -> None:
    from bots.web.server import run_web

    await run_web(core, stop, [*routes, *monitor.routes()], monitor.health, has_chat_page=has_chat_page)


async def _bare_web(core: Core, stop: asyncio.Event, monitor: Monitor) -> None:
    """Serves health and metrics of a process without pages. Only where its own environment sets a WEB_PORT: one
    from a shared `.env` is that of the process with the pages."""
    try:
        await _web(core, stop, monitor)
    except CannotStart as error:
        log.warning("monitoring.not_served", problem=str(error), hint="give each process a WEB_PORT of its own")
        await stop.wait()


def _handle_signals(stop: asyncio.Event, hangup: asyncio.Event) -> None:
    """Handles signals: SIGTERM and SIGINT set `stop`, SIGHUP sets `hangup` (files and lists are read again)."""
    loop = asyncio.get_running_loop()
    for number, act in {signal.SIGTERM: stop.set, signal.SIGINT: stop.set, signal.SIGHUP: hangup.set}.items():
        loop.add_signal_handler(number, act)
