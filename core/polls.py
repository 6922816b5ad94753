"""Polls of image jobs: few at once, and none while the image maker asks for patience."""

import asyncio
from collections.abc import Callable

import structlog

from core.errors import JobFailed, Throttled, UpstreamError
from core.minitool.client import MiniTool
from core.minitool.wire import Job

log = structlog.get_logger(__name__)

_AT_ONCE = 20
_THROTTLED_S = 5.0
_MOST_THROTTLED_S = 60.0  # whatever was said: one answer must not end all pictures of this process


class Polls:
    """All polls of this process and its API key; none is sent before `resume_at`, by the clock."""

    def __init__(self, minitool: MiniTool, clock: Callable[[], float]) -> None:
        self._minitool, self._clock = minitool, clock
        self._polling = asyncio.Semaphore(_AT_ONCE)
        self.resume_at = 0.0

    async def poll(self, job: Job) -> str | None:
        """The picture's address, None while it is being made or nobody can say. Raises JobFailed."""
        async with self._polling:
            if self._clock() < self.resume_at:
                return None
            try:
                return await self._minitool.poll(job)
            except JobFailed:
                raise
            except UpstreamError as error:  # a status call costs nothing; the next one may be answered
                if isinstance(error, Throttled):
                    patience_s = min(error.retry_after or _THROTTLED_S, _MOST_THROTTLED_S)
                    self.resume_at = self._clock() + patience_s
                log.warning("order.poll_failed", error=error.message_key, cause=error.cause)
                return None
