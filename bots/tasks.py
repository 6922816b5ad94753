"""How an adapter begins and ends what it has under way."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def start(work: Coroutine[Any, Any, None], *among: set[asyncio.Task[None]]) -> None:
    """Begins the work as a task, which is in each of these sets until it is over."""
    task = asyncio.create_task(work)
    for tasks in among:
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def finish(tasks: Collection[asyncio.Task[Any]], grace_s: float) -> None:
    """Waits for the tasks; what takes longer than `grace_s` is cancelled, and waited for."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=grace_s)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work returns; None where `stop` came first, and it was cancelled. Raises what it raises."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.wait([working, stopping])
    return None if working.cancelled() else working.result()
