"""What is done again and again while the process runs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from core.errors import StoreError

log = structlog.get_logger(__name__)

EVERY_S = 5.0

Work = Callable[[], Awaitable[None]]


async def run_all(works: Mapping[str, Work], stop: asyncio.Event, grace_s: float) -> None:
    """Each work by itself until `stop`; what takes longer than `grace_s` from then on is cancelled."""
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
    """The work, with a pause of `every_s` between two turns, until the event; without one for ever. What breaks
    is logged under the name `what`, each time, and has its next turn."""
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
    """Sleeps, but no longer than until the event."""
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        return
