"""Updates of one chat begin one after the other; chats do not wait for each other.

An update has begun when what it leads to is recorded in the store, or is over. Only then the next one
of its chat begins, and only then Telegram is told that it need not send it again. A crash before that
makes Telegram repeat the update; a crash after it leaves a record that core repairs at its start.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)

BEGIN_S = 5.0  # then nobody waits any longer for an update to begin
Work = Callable[[asyncio.Event], Awaitable[None]]  # sets the event when it has begun


class Order:
    """Takes updates in; every task it makes is awaited by `finish`."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Event] = {}  # of every chat where something has not begun yet
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, chat: str, work: Work) -> None:
        """Returns when the work has begun. It goes on in a task of its own."""
        before, begun = self._last.get(chat), asyncio.Event()
        self._last[chat] = begun
        task = asyncio.create_task(self._run(before, begun, work), name="telegram-update")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await _within(begun)
        if self._last.get(chat) is begun:
            del self._last[chat]

    async def _run(self, before: asyncio.Event | None, begun: asyncio.Event, work: Work) -> None:
        try:
            if before is not None:
                await _within(before)
            await work(begun)
        except Exception as error:  # one broken update must not stop the others
            log.exception("telegram.update_broke", error=type(error).__name__)
        finally:
            begun.set()

    async def finish(self, grace_s: float) -> None:
        """Waits for what is under way; what takes longer than `grace_s` is cancelled."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=grace_s)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)


async def _within(begun: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(BEGIN_S):
            await begun.wait()
    except TimeoutError:
        log.warning("telegram.update_slow", seconds=BEGIN_S)
