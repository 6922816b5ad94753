"""How an adapter ends what it has under way."""

import asyncio
from collections.abc import Collection
from typing import Any


async def finish(tasks: Collection[asyncio.Task[Any]], grace_s: float) -> None:
    """Waits for the tasks; what takes longer than `grace_s` is cancelled, and waited for."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=grace_s)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
