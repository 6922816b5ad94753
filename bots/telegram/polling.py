"""Long polling. The offset moves only past updates that are stored in our inbox (see `Events.take`).

The loop is our own because the library's confirms an update as soon as it is fetched.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bots.tasks import unless
from bots.telegram.calls import seconds
from bots.telegram.request import UNREADABLE, Request
from core import metrics

log = structlog.get_logger(__name__)

Json = dict[str, Any]  # an update as Telegram sends it
BATCH = 100
POLL_S = 25
GRACE_S = 10.0  # a poll that takes this much longer than asked for is dead
CONFLICT_S = 3.0
_LONGEST_RETRY_S = 30.0
# Kinds that the library does not know yet must be named to arrive; [] would leave the last setting.
KINDS = ("message", "edited_message", "callback_query", "inline_query", "stopped_message_generation")


@dataclass
class State:
    """The state of this process's connection."""

    mode: Literal["connecting", "polling", "webhook", "off"] = "connecting"
    problem: str = ""  # of polling; "" where there is none
    heard_at: float | None = None  # when Telegram last sent or answered something, by the monotonic clock


class Polling:
    """Fetches updates until `stop`, and says in `state` how that goes. `take` is told as `is_late` what waited
    while the bot was away; `is_shared` tells whether another process of ours may be polling."""

    def __init__(
        self,
        bot: Bot,
        take: Callable[..., Awaitable[object]],
        state: State,
        is_shared: Callable[[], Awaitable[bool]],
    ) -> None:
        self._bot = bot
        self._take = take
        self._is_shared = is_shared
        self._offset = 0
        self._failures = 0
        self._state = state
        self._is_backlog = True  # until a poll that waits for nothing brings less than it could

    async def run(self, stop: asyncio.Event) -> None:
        """Raises InvalidToken. Everything else is waited out."""
        async with Request(1) as request:
            while not stop.is_set():
                updates = await unless(stop, self._fetch(request))
                if updates is not None:
                    await self._take_all(updates, stop)
                    self._is_backlog = self._is_backlog and len(updates) == BATCH
        await self._confirm()

    async def _take_all(self, updates: Sequence[Json], stop: asyncio.Event) -> None:
        """Takes updates in Telegram's order, waiting while there is no room for more. After `stop` the rest is
        left to Telegram."""
        for update in updates:
            if stop.is_set():
                return
            await self._take(update, is_late=self._is_backlog)
            # May be less than before: after a quiet week the numbers begin anew, anywhere (Bot API, Update).
            self._offset = update["update_id"] + 1

    async def _fetch(self, request: Request) -> Sequence[Json] | None:
        """The next updates; None where Telegram could not be asked (after a wait)."""
        try:
            async with asyncio.timeout(POLL_S + GRACE_S):
                updates = await self._ask(request, 0 if self._is_backlog else POLL_S)
        except (TelegramError, TimeoutError) as error:
            if is_refusal(error):
                raise
            await self._wait_out(error)
            return None
        self._failures = 0
        self._state.heard_at, self._state.problem = time.monotonic(), ""
        return updates

    async def _ask(self, request: Request, timeout: int) -> list[Json]:
        wanted = {"offset": self._offset, "limit": BATCH, "timeout": timeout}
        query = urlencode({**wanted, "allowed_updates": json.dumps(KINDS)})
        url = f"{self._bot.base_url}/getUpdates?{query}"
        return _updates(await request.post(url, read_timeout=timeout + GRACE_S))

    async def _wait_out(self, error: Exception) -> None:
        self._failures += 1
        pause = min(2.0 ** min(self._failures, 10) * 0.25, _LONGEST_RETRY_S)
        if isinstance(error, Conflict):
            pause = CONFLICT_S
            await self._give_way(error)
        elif isinstance(error, RetryAfter):
            pause = seconds(error.retry_after)
            metrics.SLOWDOWNS.labels("telegram").inc()
        else:
            self._state.problem = "cannot be reached"
            log.warning("telegram.poll_failed", error=type(error).__name__, failures=self._failures)
        await asyncio.sleep(pause)

    async def _give_way(self, error: Conflict) -> None:
        """Telegram serves one poller, the latest to come, and no poller beside a webhook."""
        if "webhook" in error.message.lower():
            # It is left as it is: it may be that of a process of ours which is to replace this one.
            self._state.problem = "a webhook is set"
            log.warning("telegram.webhook_is_set")
        elif await self._is_shared():  # each has its turn, and what either hears is handled once
            self._state.heard_at, self._state.problem = time.monotonic(), ""
            log.info("telegram.polls_in_turn")
        else:
            self._state.problem = "polled elsewhere"
            log.warning("telegram.polled_elsewhere")

    async def _confirm(self) -> None:
        """Confirms to Telegram what was taken, since no further poll will."""
        if not self._offset:
            return
        query = urlencode({"offset": self._offset, "limit": 1, "timeout": 0})
        try:
            async with asyncio.timeout(2), Request(1) as request:
                await request.post(f"{self._bot.base_url}/getUpdates?{query}")
        except (TelegramError, TimeoutError) as error:
            log.info("telegram.not_confirmed", error=type(error).__name__)


def is_refusal(error: Exception) -> bool:
    """Whether the error says that the token is refused. The library raises InvalidToken for any 404, too, by
    which servers mean an unknown method, and proxies nearly anything."""
    return isinstance(error, InvalidToken) and error.message.startswith("Unauthorized")


def _updates(answer: object) -> list[Json]:
    """The updates that have an id. Raises TelegramError where all that came have none: asked again at once, the
    same would come again."""
    found = answer if isinstance(answer, list) else [None]
    updates = [one for one in found if isinstance(one, dict) and isinstance(one.get("update_id"), int)]
    if found and not updates:
        raise TelegramError(UNREADABLE)
    return updates
