"""Tells the operator, at most now and then, of what only they can mend. Nothing of it reaches a chat."""

import time
from collections.abc import Callable

import structlog

from core.errors import BadKey, BotError, OverBudget, StoreError

log = structlog.get_logger(__name__)

QUIET_S = 600.0  # the same alert is not repeated sooner


class Alerts:
    """One log event of level error per cause and QUIET_S, whatever many people run into it."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._told: dict[str, float] = {}

    def notice(self, error: BotError) -> None:
        """Looks whether this failure is the operator's business."""
        if isinstance(error, BadKey):
            self._tell("alert.key_refused", cause=error.cause)
        elif isinstance(error, StoreError):
            self._tell("alert.store_away", cause=error.cause)
        elif isinstance(error, OverBudget) and error.data.get("scope") == "all":
            self._tell("alert.bot_budget_used", period=str(error.data.get("period", "")))

    def _tell(self, event: str, **facts: str) -> None:
        now = self._clock()
        if now - self._told.get(event, float("-inf")) >= QUIET_S:
            self._told[event] = now
            log.error(event, **facts)
