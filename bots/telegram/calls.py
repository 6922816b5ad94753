"""Calls to the Bot API: the connection, and what Telegram's refusals mean to core.

Nothing here sleeps or repeats. No error that leaves this module, nor its text, holds an address: with
Telegram every address holds the bot's token.
"""

import logging
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from core import metrics
from core.errors import BadInput, DeliveryError, Gone, SlowDown, TooBig
from core.pace import Limits, Window
from core.settings import Settings

# The Bot FAQ: about one message a second in a chat with short bursts, 20 a minute in a group, 30 a second
# in all. Edits share the quota with sends (TDLib's author, tdlib/td#2592).
PRIVATE = (Window(5, 5.0),)
GROUP = (Window(5, 5.0), Window(20, 60.0))
# The second window makes a crowd's calls leave evenly: a busy machine would else bunch them up on the way.
LIMITS = Limits(chat=PRIVATE, account=(Window(30, 1.0), Window(6, 0.18)))

CONNECT_S, READ_S, UPLOAD_S = 10.0, 20.0, 60.0
CONNECTIONS = 64
NOT_MODIFIED = "message is not modified"

# After these nothing was asked of Telegram yet, so asking again cannot show anything twice.
_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "WriteError", "WriteTimeout"})
_GONE = (
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
_TOO_BIG = (
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


class Unknown(DeliveryError):
    """The server does not know this method, or not for this chat."""


class Request(HTTPXRequest):
    """The library's own connection, and a download that stops at a limit."""

    async def download(self, url: str, limit: int) -> bytes:
        """At most `limit` bytes. Raises BadInput: "attachment-too-big", "attachment-gone"."""
        data = bytearray()
        try:
            async with self._client.stream("GET", url, timeout=READ_S) as response:
                if response.status_code != 200:
                    raise BadInput("attachment-gone")
                async for piece in response.aiter_bytes():
                    data += piece
                    if len(data) > limit:
                        raise BadInput("attachment-too-big", mib=limit // 2**20)
        except BadInput:
            raise
        except Exception as error:  # whatever the library's client raises; its text holds the address
            raise BadInput("attachment-gone", cause=type(error).__name__) from None
        return bytes(data)


class _Bot(Bot):
    """The library's own, whose repr would show the token."""

    def __repr__(self) -> str:
        return "Bot"


def make_bot(settings: Settings) -> Bot:
    """The connection, not yet opened."""
    silence_loggers()
    return _Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{settings.telegram_api_base}/bot",
        base_file_url=f"{settings.telegram_api_base}/file/bot",
        request=make_request(CONNECTIONS),
        get_updates_request=make_request(1),
    )


def make_request(connections: int) -> Request:
    return Request(
        connection_pool_size=connections,
        connect_timeout=CONNECT_S,
        read_timeout=READ_S,
        write_timeout=READ_S,
        pool_timeout=READ_S,
        media_write_timeout=UPLOAD_S,
    )


def silence_loggers() -> None:
    """These write addresses (with the token) or whole replies of the server (with people's words)."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)


def explain(error: TelegramError) -> DeliveryError:
    """What an error of the library means to core. The library's words are kept only where they are
    known to hold no address."""
    match error:
        case RetryAfter():
            metrics.SLOWDOWNS.labels("telegram").inc()
            return SlowDown(seconds(error.retry_after), cause="429")
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case EndPointNotFound():
            return Unknown(cause="no such method")
        case Forbidden():
            return Gone(cause="forbidden")
        case BadRequest():
            return _explain_refusal(error.message.lower())
        case NetworkError():
            return _explain_silence(error)
    return DeliveryError(cause=type(error).__name__)


def _explain_refusal(said: str) -> DeliveryError:
    if any(reason in said for reason in _GONE):
        return Gone(cause=said[:100])
    if any(reason in said for reason in _TOO_BIG):
        return TooBig(cause=said[:100])
    if "textdraft_peer_invalid" in said:
        return Unknown(cause=said)
    return DeliveryError(cause=said[:100])


def _explain_silence(error: NetworkError) -> DeliveryError:
    """No usable answer. A broken connection leaves open whether the call took effect."""
    said = error.message
    if "entity too large" in said.lower():
        return TooBig(cause="413")
    cause = type(error.__cause__).__name__
    if "Bad Gateway" in said or cause in _NOT_SENT:
        return DeliveryError(cause=cause)
    return Unsure(cause=cause)


def seconds(wait: int | float | timedelta) -> float:
    """The library's waits are numbers or spans of time, depending on its settings."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


async def call(bot: Bot, method: str, **params: Any) -> Any:  # JSON as Telegram sends it
    """A method that the library has no function for, or not all parameters of. Raises DeliveryError."""
    try:
        return await bot.do_api_request(method, api_kwargs=params)
    except TelegramError as error:
        raise explain(error) from None
