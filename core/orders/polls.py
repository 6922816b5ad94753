"""Polls of image jobs: few at once, and none while the image maker asks for patience."""

import asyncio

import structlog

from core.errors import JobFailed, Throttled, UpstreamError
from core.minitool.client import MiniTool
from core.minitool.wire import Job

log = structlog.get_logger(__name__)

_AT_ONCE = 20
_THROTTLED_S = 5.0
_MOST_THROTTLED_S = 60.0  # whatever Retry-After says: one answer must not end all pictures of this process


class Polls:
    """All polls of this process and its API key."""

    def __init__(self, minitool: MiniTool) -> None:
        self._minitool = minitool
        self._polling = asyncio.Semaphore(_AT_ONCE)
        self._resume_at = 0.0  # by the loop's clock, which nobody sets back

    async def poll(self, job: Job) -> str | None:
        """The picture's address, None while it is being made. Raises JobFailed, and UpstreamError where nobody
        can say: a status call costs nothing, the next one may be answered."""
        now = asyncio.get_running_loop().time
        async with self._polling:
            if now() < self._resume_at:
                raise Throttled(cause="it asked for patience")
            try:
                return await self._minitool.poll(job)
            except JobFailed:
                raise
            except UpstreamError as error:
                if isinstance(error, Throttled):
                    patience_s = min(error.retry_after or _THROTTLED_S, _MOST_THROTTLED_S)
                    self._resume_at = now() + patience_s
                log.warning("order.poll_failed", error=error.message_key, cause=error.cause)
                raise
