"""Runs work at intervals while the process runs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from core.errors import StoreError

log = structlog.get_logger(__name__)

EVERY_S = 5.0

Work = Callable[[], Awaitable[None]]


async def run_all(works: Mapping[str, Work], stop: asyncio.Event, grace_s: float) -> None:
    """Repeats each work, by name, every EVERY_S until `stop`. What takes longer than `grace_s` from then on is
    cancelled."""
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(repeat(work, EVERY_S, name, stop), name=f"core.{name}")
            for name, work in works.items()
        ]
        await stop.wait()
        _, late = await asyncio.wait(tasks, timeout=grace_s)
        for task in late:
            task.cancel()


async def repeat(work: Work, every_s: float, what: str, until: asyncio.Event | None = None) -> None:
    """Repeats the work, with pauses of `every_s`, until the event is set (for ever without one). Errors are
    logged under the name `what`, and the work is repeated all the same."""
    until = until or asyncio.Event()
    while not until.is_set():
        try:
            await work()
        except StoreError as error:
            log.warning("core.store_away", what=what, cause=error.cause)
        except Exception:
            log.exception("core.work_broke", what=what)
        await pause(every_s, until)


async def pause(seconds: float, until: asyncio.Event) -> None:
    """Sleeps for so many seconds, or until the event is set."""
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        return
