"""How adapters end their tasks."""

import asyncio

import pytest

from bots.tasks import unless


async def test_work_is_waited_for_unless_it_is_to_stop() -> None:
    """Returns or raises what the work does; None, and no task left, if `stop` was set first."""

    async def works() -> str:
        return "done"

    async def breaks() -> None:
        raise ValueError("ours")

    stop = asyncio.Event()
    assert await unless(stop, works()) == "done"
    with pytest.raises(ValueError, match="ours"):
        await unless(stop, breaks())
    before = asyncio.all_tasks()
    hanging = asyncio.create_task(unless(stop, asyncio.Event().wait()))
    await asyncio.sleep(0)
    stop.set()
    assert await hanging is None
    assert asyncio.all_tasks() == before


async def test_cancelling_the_waiter_cancels_the_work() -> None:
    """Nothing is left running."""
    before = asyncio.all_tasks()
    hanging = asyncio.create_task(unless(asyncio.Event(), asyncio.Event().wait()))
    await asyncio.sleep(0)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert asyncio.all_tasks() == before
