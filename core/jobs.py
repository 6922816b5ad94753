"""Work that outlives the process: docket keeps which orders are open and hands them to a living worker.

Only an order's ref travels through it; everything else is in the order's own record. A worker that
dies is followed by another within REDELIVERY plus a quarter. One queue per platform, because only a
process that is connected to a platform can show something there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from docket import Docket

log = structlog.get_logger(__name__)

REDELIVERY = timedelta(seconds=5)
_TICK = timedelta(milliseconds=200)
_AT_ONCE = 500  # an order mostly waits; how many are painted at once is the line's matter
Drive = Callable[[str], Awaitable[None]]


class Jobs:
    """The queues of this process. `drive(ref)` brings one order as far as it goes; it may be called
    again for the same order, at the same time never."""

    def __init__(self, url: str, drive: Drive) -> None:
        self._url, self._drive = url, drive
        self._dockets: dict[str, Docket] = {}

    async def put(self, platform: str, ref: str) -> None:
        """Hands an order over. Putting it twice is harmless."""
        await self._dockets[platform].add("drive", key=ref)(ref)

    def has(self, platform: str) -> bool:
        """Whether this process works for that platform."""
        return platform in self._dockets

    @asynccontextmanager
    async def work(self, platform: str) -> AsyncIterator[None]:
        """Works on that platform's orders while open; then waits for nothing: another process goes on."""
        from docket import Docket, Worker

        async with Docket(
            name=f"orders-{platform}", url=self._url, execution_ttl=timedelta(minutes=1)
        ) as docket:
            docket.register(_task(self._drive), names=["drive"])
            async with Worker(
                docket,
                concurrency=_AT_ONCE,
                redelivery_timeout=REDELIVERY,
                reconnection_delay=timedelta(seconds=1),
                minimum_check_interval=_TICK,
                scheduling_resolution=_TICK,
                schedule_automatic_tasks=False,
            ) as worker:
                self._dockets[platform] = docket
                running = asyncio.create_task(worker.run_forever(), name=f"orders-{platform}")
                try:
                    yield
                finally:
                    del self._dockets[platform]
                    running.cancel()
                    await asyncio.wait([running])


def _task(drive: Drive) -> Callable[[str], Awaitable[None]]:
    async def run(ref: str) -> None:
        try:
            await drive(ref)
        except Exception:
            log.exception("order.broke", ref=ref)

    return run
