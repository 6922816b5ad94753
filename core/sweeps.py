"""What is done again and again while the process runs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from core.errors import StoreError

log = structlog.get_logger(__name__)

EVERY_S = 5.0

Work = Callable[[], Awaitable[None]]


async def sweep(works: Mapping[str, Work], stop: asyncio.Event, grace_s: float) -> None:
    """Each work by itself until `stop`; what takes longer than `grace_s` from then on is cancelled. A work that
    breaks is logged and has its next turn."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_repeat(work, stop), name=f"core.{name}") for name, work in works.items()]
        await stop.wait()
        _, late = await asyncio.wait(tasks, timeout=grace_s)
        for task in late:
            task.cancel()


async def _repeat(work: Work, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await work()
        except StoreError as error:
            log.warning("core.store_away", cause=error.cause)
        except Exception:
            log.exception("core.watch_broke")
        try:
            async with asyncio.timeout(EVERY_S):
                await stop.wait()
        except TimeoutError:
            continue
