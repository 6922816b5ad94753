"""The queue of orders, which outlives the process: docket schedules them, and hands each to a living worker.

Only an order's ref is queued; everything else is in the order's own record. A task drives an order for a few
seconds (a stretch) and is then queued again, so that a worker that has to stop, or to reconnect, can do so at
once. A worker that dies is followed by another within _REDELIVERY plus a quarter and a tick. One queue per
platform, because only a process that is connected to a platform can show something there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from core.errors import StoreError
from core.redis_url import COMMAND_TIMEOUT_S
from core.store import Store

if TYPE_CHECKING:
    from docket import Docket

log = structlog.get_logger(__name__)

_REDELIVERY = timedelta(seconds=5)
_AGAIN = timedelta(seconds=2)  # after a stretch that broke
_TICK = timedelta(seconds=1)  # between looks for what is due; what is due now comes at once
_RECONNECT = timedelta(seconds=0.5)
_AT_ONCE = 500  # an order mostly waits; how many are painted at once is the line's matter
_CONNECTIONS = 2 * _AT_ONCE  # docket's pool has 100 and refuses the next; each is opened when it is needed
_PUTS_AT_ONCE = 20
Drive = Callable[[str, asyncio.Event], Awaitable[float | None]]


class Jobs:
    """The queues of this process, one for each platform that it serves. `drive(ref, stop)` drives an order for
    a stretch and returns in how many seconds it needs the next one, None for never; once `stop` is set, it is
    to return soon."""

    def __init__(self, store: Store, drive: Drive, grace_s: float) -> None:
        self._store, self._drive, self._grace_s = store, drive, grace_s
        self._putting = asyncio.Semaphore(_PUTS_AT_ONCE)
        self._dockets: dict[str, Docket] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}

    async def put(self, platform: str, ref: str) -> None:
        """Queues an order. Idempotent. Where this process no longer serves that platform, does nothing: another
        process will find the order overdue. Raises StoreError."""
        with self._store.guard():
            async with self._putting:
                if docket := self._dockets.get(platform):
                    await docket.add("drive", key=ref)(ref)

    @property
    def has_all_workers(self) -> bool:
        """False where a worker of this process ended by itself: then its platform's orders wait for other
        processes."""
        return not any(worker.done() for worker in self._workers.values())

    def has(self, platform: str) -> bool:
        """Whether this process has a queue for that platform."""
        return platform in self._dockets

    @asynccontextmanager
    async def work(self, platform: str) -> AsyncIterator[None]:
        """Works on that platform's orders while open. On leaving, waits for the steps under way; steps that
        take longer than the grace are cancelled, and left to other processes."""
        from docket import Docket, Worker

        stop = asyncio.Event()
        async with Docket(
            name=f"orders-{platform}", url=_roomy(self._store.url), execution_ttl=timedelta(minutes=1)
        ) as docket:
            docket.register(_task(self._drive, stop))
            async with Worker(
                docket,
                concurrency=_AT_ONCE,
                redelivery_timeout=_REDELIVERY,
                reconnection_delay=_RECONNECT,
                minimum_check_interval=_TICK,
                scheduling_resolution=_TICK,
                schedule_automatic_tasks=False,
            ) as worker:
                self._dockets[platform] = docket
                running = asyncio.create_task(worker.run_forever(), name=f"orders-{platform}")
                self._workers[platform] = running
                try:
                    yield
                finally:
                    del self._dockets[platform], self._workers[platform]
                    stop.set()
                    await self._end(running)

    async def _end(self, running: "asyncio.Task[None]") -> None:
        running.cancel()  # it lets its stretches end first
        await asyncio.wait([running], timeout=self._grace_s)
        while not running.done():
            log.warning("jobs.cut")
            running.cancel()
            await asyncio.wait([running], timeout=1.0)


def _roomy(url: str) -> str:
    """The address with a larger connection pool; a cluster's client has no limit."""
    parts = urlsplit(url)
    if "cluster" in parts.scheme:
        return url
    query = f"{parts.query}&" if parts.query else ""
    return parts._replace(query=f"{query}max_connections={_CONNECTIONS}").geturl()


async def check_queue(store: Store) -> None:
    """Raises StoreError where a worker may not subscribe to the queue's channels: it would wait for that for
    ever, and work on no order."""
    from docket import Docket

    with store.guard():
        async with (
            Docket(name="orders-web", url=store.url) as docket,
            docket._pubsub() as channels,  # noqa: SLF001  # as the worker does it, with its own login
        ):
            await channels.psubscribe(docket.key("cancel:*"))
            await channels.get_message(ignore_subscribe_messages=False, timeout=COMMAND_TIMEOUT_S)


async def count_workers(store: Store, platform: str) -> int:
    """How many processes serve that platform, by their heartbeats of the last seconds. Raises StoreError."""
    from docket import Docket

    with store.guard():
        async with Docket(name=f"orders-{platform}", url=store.url) as docket:
            return len(await docket.workers())


def _task(take_on: Drive, stop: asyncio.Event) -> Callable[..., Awaitable[None]]:
    from docket import Perpetual

    async def drive(ref: str, again: Perpetual = Perpetual(every=_AGAIN)) -> None:
        try:
            wanted_in_s = await take_on(ref, stop)
        except StoreError as error:
            log.warning("order.postponed", ref=ref, cause=error.cause)
        except Exception:
            log.exception("order.broke", ref=ref)
        else:
            if wanted_in_s is None:
                again.cancel()
            else:
                again.after(timedelta(seconds=wanted_in_s))

    return drive  # in every process under this name
