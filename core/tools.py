"""What it takes to bring image orders to their end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from core.errors import BotError, JobFailed, Throttled, UpstreamError
from core.handover import Handover
from core.line import LEASE_S, Line
from core.minitool.client import MiniTool
from core.orders import Orders, Piece
from core.settings import Settings
from core.spend import Spend
from core.timing import Timing

log = structlog.get_logger(__name__)

_LOOKS_AT_ONCE = 20  # of one process, and so of its key
_THROTTLED_S = 5.0
_MOST_THROTTLED_S = 60.0  # whatever was said: one answer must not end all pictures of this process


@dataclass
class Tools:
    """Shared by all orders of a process. `notice` tells the operator of what only they can mend."""

    settings: Settings
    orders: Orders
    line: Line
    timing: Timing
    spend: Spend
    minitool: MiniTool
    handover: Handover
    notice: Callable[[BotError], None]
    clock: Callable[[], float] = time.time
    delivery_s: float = 10.0  # how long one try to show the end of an order may take
    looking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_LOOKS_AT_ONCE))
    looks_from: float = 0.0  # none before: the other side asked for patience

    @property
    def sending_s(self) -> float:
        """How long an order may be on the wire of a living process. Nobody else can tell before that whether
        it was lost: a process that does not reach the store for a while still gets its answer. With a store of
        our own no other process serves: whoever sent it is gone."""
        if not self.settings.redis_url.get_secret_value():
            return 0.0
        return self.settings.connect_timeout_s + self.settings.first_byte_timeout_s + LEASE_S

    async def look(self, piece: Piece) -> str | None:
        """The picture's address, None while it is being made or nobody can say. Raises JobFailed."""
        async with self.looking:
            if self.clock() < self.looks_from:
                return None
            try:
                return await self.minitool.look(piece.job)
            except JobFailed:
                raise
            except UpstreamError as error:  # a status call costs nothing; the next one may be answered
                if isinstance(error, Throttled):
                    patience_s = min(error.retry_after or _THROTTLED_S, _MOST_THROTTLED_S)
                    self.looks_from = self.clock() + patience_s
                log.warning("order.look_failed", error=error.message_key, cause=error.cause)
                return None
