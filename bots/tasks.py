"""How an adapter starts and ends its tasks."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def start(work: Coroutine[Any, Any, None], *among: set[asyncio.Task[None]]) -> None:
    """Starts the work as a task, which is in each of these sets until it is done."""
    task = asyncio.create_task(work)
    for tasks in among:
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def finish(tasks: Collection[asyncio.Task[Any]], grace_s: float) -> None:
    """Waits for the tasks. Cancels those that take longer than `grace_s`, and waits for these, too."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=grace_s)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of the work; None where `stop` was set first, and the work cancelled. Raises what the work
    raises."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.wait([working, stopping])
    return None if working.cancelled() else working.result()
