"""Calls to the Bot API: the connection, and what Telegram's refusals mean to core.

Nothing here sleeps or repeats. No error that leaves this module, nor its text, holds an address: with
Telegram every address holds the bot's token.
"""

import logging
import re
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.telegram.request import NotSent, Request
from core import metrics
from core.errors import DeliveryError, Gone, NoPictures, SlowDown, TooBig
from core.pace import Limits, Window
from core.settings import Settings

# The Bot FAQ: about one message a second in a chat with short bursts, 20 a minute in a group, 30 a second
# in all. Edits share the quota with sends (TDLib's author, tdlib/td#2592).
# Together these two stay within "one a second, five at once" over any stretch of time.
PRIVATE = (Window(5, 3.0, is_exact=True), Window(8, 8.0, is_exact=True))
GROUP = (*PRIVATE, Window(20, 60.0, is_exact=True))
LIMITS = Limits(chat=PRIVATE, account=(Window(30, 1.0, is_exact=True),))

_CONNECTIONS = 64
_NOT_MODIFIED = "message is not modified"  # not for people: Telegram's own words

_FLOOD_IN_ALBUM = re.compile(r"too many requests: retry after (\d+)")  # of one message within a 400
_NO_PICTURES = (  # not for people: Telegram's own words; what else a group forbids is forbidden for good
    "not enough rights to send photos",
    "not enough rights to send documents",
    "chat_send_photos_forbidden",
    "chat_send_docs_forbidden",
    "chat_send_media_forbidden",
)
_GONE = (  # not for people: Telegram's own words
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to delete not found",
    "chat not found",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "not enough rights",
    "have no rights",
    "chat_write_forbidden",
    "need administrator rights",
    "user is deactivated",
    "peer_id_invalid",
    "chat_restricted",
)
_TOO_BIG = (  # not for people: Telegram's own words
    "message is too long",
    "message caption is too long",
    "entity too large",
    "file is too big",
    "photo_invalid_dimensions",
    "image_process_failed",
    "reply markup is too long",
)


class Unsure(DeliveryError):
    """The connection broke after the call was sent: it may have taken effect."""


class Moved(DeliveryError):
    """The group has another id now."""

    def __init__(self, chat: int) -> None:
        self.chat = chat
        super().__init__(cause="group upgraded")


class Unchanged(DeliveryError):
    """The message shows that already."""


class Unknown(DeliveryError):
    """The server does not know this method, or not for this chat."""


class Declined(DeliveryError):
    """The server does not take this as it is; asking again would not help."""


class _Bot(Bot):
    """The library's own, whose repr would show the token."""

    def __repr__(self) -> str:
        return "Bot"


def make_bot(settings: Settings) -> Bot:
    """The connection, not yet opened."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # it writes addresses, and people's words
    return _Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_base}/bot",
        base_file_url=f"{settings.telegram_api_base}/file/bot",
        request=Request(_CONNECTIONS),
        get_updates_request=Request(1),
    )


def translate_error(error: TelegramError) -> DeliveryError:
    """The library's error as core's. The library's text becomes its cause only where it is known to hold no
    address."""
    match error:
        case RetryAfter():
            metrics.SLOWDOWNS.labels("telegram").inc()
            return SlowDown(seconds(error.retry_after), cause="429")
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Gone(cause="forbidden")
        case InvalidToken():  # what the library makes of 404
            return Unknown(cause="no such method")
        case BadRequest():
            return _translate_refusal(error.message.lower())
        case NetworkError():
            return _translate_silence(error)
    return DeliveryError(cause=type(error).__name__)


def _translate_refusal(reason: str) -> DeliveryError:
    if flood := _FLOOD_IN_ALBUM.search(reason):
        metrics.SLOWDOWNS.labels("telegram").inc()
        return SlowDown(float(flood[1]), cause="429 in an album")
    if "group send failed" in reason:
        return DeliveryError(cause=reason[:100])
    if any(known in reason for known in _NO_PICTURES):
        return NoPictures(cause=reason[:100])
    if any(known in reason for known in _GONE):
        return Gone(cause=reason[:100])
    if any(known in reason for known in _TOO_BIG):
        return TooBig(cause=reason[:100])
    if _NOT_MODIFIED in reason:
        return Unchanged(cause=reason[:100])
    if "textdraft_peer_invalid" in reason:
        return Unknown(cause=reason)
    return Declined(cause=reason[:100])


def _translate_silence(error: NetworkError) -> DeliveryError:
    """There is no usable answer. A broken connection leaves open whether the call took effect."""
    reason = error.message
    if "entity too large" in reason.lower():
        return TooBig(cause="413")
    if "Bad Gateway" in reason or isinstance(error, NotSent):
        return DeliveryError(cause=reason[:100])
    return Unsure(cause=reason[:100])


def seconds(wait: int | float | timedelta) -> float:
    """The library's waits are numbers or spans of time, depending on its settings."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def call(bot: Bot, method: str, **params: Any) -> Any:  # JSON as Telegram sends it
    """Calls a method that the library has no function for, or not all parameters of. Parameters that are None
    are left out. Raises DeliveryError."""
    request = bot.request
    assert isinstance(request, Request)
    try:
        return await request.ask(f"{bot.base_url}/{method}", params)
    except TelegramError as error:
        raise translate_error(error) from None
