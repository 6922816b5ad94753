"""The connection to Telegram: polling or webhook, and an orderly shutdown.

Invariant: an update is taken only until `stop`; what it began is finished before `Connection.run` returns.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import structlog
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bots.monitoring import Link
from bots.tasks import unless
from bots.telegram import commands
from bots.telegram.account import Account
from bots.telegram.calls import LIMITS, make_bot, seconds
from bots.telegram.events import Events
from bots.telegram.places import PREFIX
from bots.telegram.polling import GRACE_S, KINDS, POLL_S, Polling, State, is_refusal
from core.app import Core
from core.errors import CannotStart
from core.pace import Pace
from core.periodic import pause
from core.settings import Settings

log = structlog.get_logger(__name__)

_REFUSED = "TELEGRAM_TOKEN: is refused by Telegram"  # not for people: operators
_NO_BOT_API = "TELEGRAM_API_BASE: there is no Bot API at this address"  # not for people: operators
FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0
_WEBHOOK_CONNECTIONS = 100


class Connection:
    """One bot account's connection: by long polling, or by a webhook."""

    def __init__(self, core: Core, stop: asyncio.Event) -> None:
        self._core, self._settings, self._stop = core, core.settings, stop
        self._state = State()

    def link(self) -> Link:
        """The state for /healthz. Polling is "silent" where a poll takes longer than it should: each ends in
        time, even if nobody writes."""
        mode, heard_at = self._state.mode, self._state.heard_at
        heard_s = None if heard_at is None else round(time.monotonic() - heard_at, 1)
        if mode == "polling" and (heard_s or 0.0) > POLL_S + GRACE_S:
            return Link("silent", heard_s=heard_s)
        is_ok = mode in ("polling", "webhook")
        return Link(self._state.problem or ("ok" if is_ok else mode), heard_s=heard_s)

    async def run(self) -> None:
        """Serves Telegram until `stop`. Raises CannotStart."""
        core, settings = self._core, self._settings
        async with AsyncExitStack() as stack:
            stack.callback(self._end)
            bot = make_bot(settings)
            stack.push_async_callback(bot.shutdown)
            if not await self._retry(bot.initialize):
                return
            log.info("telegram.connected", reads_groups=bool(bot.bot.can_read_all_group_messages))
            account = Account(
                bot,
                Pace(LIMITS, platform="telegram"),
                drafts=settings.telegram_streaming == "draft",
                rich=settings.telegram_format == "rich",
            )
            events = Events(core, account)
            core.bursts.can_read(PREFIX, events.attach)
            await stack.enter_async_context(core.serving(PREFIX, events.reopen))
            await stack.enter_async_context(events.taking())
            syncing = asyncio.create_task(commands.sync(bot, core), name="telegram-menus")
            try:
                if settings.telegram_webhook_url:
                    await self._serve_webhook(bot, events)
                else:
                    await self._poll(bot, events)
            finally:
                syncing.cancel()
                await asyncio.wait([syncing])

    def _end(self) -> None:
        self._state.mode, self._state.problem = "off", ""

    async def _poll(self, bot: Bot, events: Events) -> None:
        """Polls, after deleting a webhook that was set before: it would get every update."""
        polling = Polling(bot, events.take, self._state, partial(self._core.is_shared, PREFIX))
        await self._retry(lambda: _delete_webhook(bot))
        self._state.mode, self._state.heard_at = "polling", time.monotonic()
        try:
            await polling.run(self._stop)
        except InvalidToken as error:
            raise _cannot_start(error) from None

    async def _serve_webhook(self, bot: Bot, events: Events) -> None:
        """Takes updates from the webhook. Of several processes behind one address, each sets the same
        webhook."""
        settings = self._settings

        async def take(update: Mapping[str, Any]) -> None:
            self._state.heard_at = time.monotonic()
            if begun := await events.take(update):
                await begun.passed()  # the next one may come, to another process

        from bots.telegram.webhook import WEBHOOK  # needs the web server, which polling does without

        WEBHOOK.open(settings.telegram_webhook_secret.get_secret_value(), take)
        try:
            await self._retry(lambda: _set_webhook(bot, settings))
            self._state.mode = "webhook"
            await self._stop.wait()
        finally:
            WEBHOOK.close()

    async def _retry(self, call: Callable[[], Coroutine[Any, Any, object]]) -> bool:
        """Repeats a call until it succeeds. False where `stop` came first. Raises CannotStart."""
        wait, stop = FIRST_WAIT_S, self._stop
        while not stop.is_set():
            try:
                await unless(stop, call())
            except InvalidToken as error:  # the library's own text holds the token
                raise _cannot_start(error) from None
            except TelegramError as error:
                if isinstance(error, RetryAfter):
                    wait = seconds(error.retry_after)
                log.error("telegram.not_connected", error=type(error).__name__, retry_s=wait)
                await pause(wait, stop)
                wait = min(wait * 2, _LONGEST_WAIT_S)
            else:
                return not stop.is_set()
        return False


def _cannot_start(error: InvalidToken) -> CannotStart:
    """The library raises InvalidToken for a 404 of any server; its first cause is then that it cannot read the
    answer."""
    first: BaseException = error
    while first.__cause__ is not None:
        first = first.__cause__
    return CannotStart(_REFUSED if isinstance(first, InvalidToken) else _NO_BOT_API)


async def _delete_webhook(bot: Bot) -> None:
    """Deletes the webhook. A server of the Bot API that does not know this method has none."""
    try:
        await bot.delete_webhook()
    except InvalidToken as error:
        if is_refusal(error):
            raise


async def _set_webhook(bot: Bot, settings: Settings) -> None:
    try:
        await bot.set_webhook(
            settings.telegram_webhook_url,
            allowed_updates=KINDS,
            secret_token=settings.telegram_webhook_secret.get_secret_value(),
            max_connections=_WEBHOOK_CONNECTIONS,
        )
    except BadRequest as error:  # its name, port or secret is wrong; not that it cannot be reached
        reason = error.message.replace(settings.telegram_webhook_url, "…")[:200]
        if "resolve" in reason:  # as name servers say for a while, too
            log.warning("telegram.webhook_not_found", reason=reason)
            raise
        raise CannotStart(f"TELEGRAM_WEBHOOK_URL: {reason}") from None
