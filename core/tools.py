"""What it takes to bring image orders to their end."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from core.errors import BotError, JobFailed, Throttled, UpstreamError
from core.handover import Handover
from core.line import Line
from core.minitool.client import MiniTool
from core.orders import Orders, Piece
from core.settings import Settings
from core.spend import Spend
from core.timing import Timing

log = structlog.get_logger(__name__)

_LOOKS_AT_ONCE = 20  # of one process, and so of its key
_THROTTLED_S = 5.0


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
                    self.looks_from = self.clock() + (error.retry_after or _THROTTLED_S)
                log.warning("order.look_failed", error=error.message_key, cause=error.cause)
                return None
