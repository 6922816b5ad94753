"""Takes updates of Telegram: each is stored, in the order of its chat, and handled once. What is not for the
bot leaves no trace."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import structlog
from telegram import Bot, Message, Update

from bots.telegram.account import Account
from bots.telegram.defaults import fill_update, reduce_update
from bots.telegram.files import attach
from bots.telegram.inline import InlineReply
from bots.telegram.languages import Languages
from bots.telegram.message_cache import MessageCache
from bots.telegram.messages import Messages
from bots.telegram.places import PREFIX, parse_address
from bots.telegram.polling import KINDS
from bots.telegram.presses import Presses
from bots.telegram.reply import TelegramReply
from bots.telegram.sequencer import Begun, Sequencer
from core.answer import Reply
from core.app import Core
from core.errors import Gone, StoreError
from core.turn import Attachment, FileRef

log = structlog.get_logger(__name__)

Json = Mapping[str, Any]  # an update as Telegram sends it
_OLD_S = 600.0  # what waited longer than this while the bot was away is not answered unasked
_MOST_OFFERED = 10_000  # chats that are remembered; the store knows them all, at a price
_FLEETING = "inline_query"  # not stored: nobody waits for it any more after a crash


class Events:
    """Handles the updates of one bot."""

    def __init__(self, core: Core, account: Account) -> None:
        self._settings = core.settings
        self._account = account
        self._bot: Bot = account.bot
        self._inbox = core.inbox(PREFIX, self.resume)
        self._sequencer = Sequencer(self._inbox.done, self._inbox.is_mine)
        cache = MessageCache(core, account.bot)
        account.keep_files = cache.keep_own_pictures
        shared = (core, account, cache, Languages(core))
        self._messages, self._presses = Messages(*shared), Presses(*shared)
        self._offered: dict[str, tuple[float, str]] = {}  # by chat: when an offer was made, and for which album

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[None]:
        """While open, updates can be taken; on leaving, what they began is finished."""
        async with self._inbox:
            try:
                yield
            finally:
                await self._sequencer.finish(self._settings.shutdown_grace_s)

    async def take(self, raw: Json, *, is_late: bool = False) -> Begun | None:
        """Takes one update. When this returns it is stored, and Telegram need not keep it. None where there is
        nothing to do, or where handling it raised an error: else Telegram would send it again at every start.
        `is_late`: it waited while the bot was away."""
        try:
            return await self._take(raw, is_late=is_late)
        except Exception:
            log.exception("telegram.update_broke")
            return None

    async def _take(self, raw: Json, *, is_late: bool) -> Begun | None:
        if not (kind := _kind_of(raw)):
            return None
        raw = fill_update(raw, is_late=is_late)
        body = raw[kind]
        is_old = _age(body) > _OLD_S
        if is_old and not (kind == "message" and self._is_missed(body)):
            return None
        if kind == _FLEETING or await self._is_new(raw):
            is_written = kind in ("message", "edited_message") and "migrate_to_chat_id" not in body
            # Of old messages, the first question is to be found, and all after it cost next to nothing.
            return await self._begin(raw, kind, may_flood=is_written and not is_old, is_late=is_late)
        return None

    async def resume(self, _: str, body: bytes) -> None:
        """Handles an update that a process took and did not begin before it ended."""
        raw = msgspec.json.decode(body)
        await self._begin(raw, _kind_of(raw))

    async def reopen(self, address: str) -> Reply:
        """Raises Gone."""
        try:
            found = parse_address(address)
        except ValueError:
            raise Gone(cause="no address of this platform") from None
        if isinstance(found, str):
            return InlineReply(self._account, found, await self._presses.question_in(found))
        return TelegramReply(self._account, *found)

    def attach(self, file: FileRef) -> Attachment:
        """A file that another process of this bot received."""
        return attach(self._bot, file)

    def _is_missed(self, body: Json) -> bool:
        """Whether an old message is still handled: where it says that its chat moved, or may lead to the offer
        to answer it (see `Messages.missed`). A chat gets one offer: of what was written before it, only the
        rest of the same album is handled."""
        if "migrate_to_chat_id" in body:
            return True
        offered_at, album = self._offered.get(_chat_of(body), (0.0, ""))
        return body["date"] > offered_at or (bool(album) and _album_of(body) == album)

    async def _missed(self, message: Message, body: Json) -> None:
        if await self._messages.missed(message):
            chat = _chat_of(body)
            self._offered.pop(chat, None)
            self._offered[chat] = (time.time(), _album_of(body))
            if len(self._offered) > _MOST_OFFERED:
                del self._offered[next(iter(self._offered))]

    async def _is_new(self, raw: Json) -> bool:
        try:
            return await self._inbox.take(str(raw["update_id"]), msgspec.json.encode(raw))
        except StoreError:
            return True  # core itself tells the person that the store is away

    async def _begin(self, raw: Json, kind: str, *, may_flood: bool = False, is_late: bool = False) -> Begun:
        body = raw[kind]

        async def work(begun: Begun) -> None:
            await self._handle(raw, kind, begun, is_late=is_late)

        async def turn_away(begun: Begun) -> None:
            begun.set()
            if kind == "message":
                await self._messages.turned_away(Message.de_json(dict(body), self._bot))

        chat, number, instead = _chat_of(body), str(raw["update_id"]), turn_away if may_flood else None
        return await self._sequencer.begin(chat, number, work, instead=instead, is_urgent=_is_stop(body))

    async def _handle(self, raw: Json, kind: str, begun: Begun, *, is_late: bool) -> None:
        structlog.contextvars.bind_contextvars(request=f"{PREFIX}:{begun.number}")  # of this task
        if kind == "stopped_message_generation":
            await self._presses.stopped(raw[kind], begun)
            return
        update = self._read(raw, kind)
        if update is None:
            return
        if update.message is not None:
            if update.message.migrate_to_chat_id is not None:
                await self._messages.moved(update.message)
            elif _age(raw[kind]) > _OLD_S:
                await self._missed(update.message, raw[kind])
            else:
                await self._messages.written(update.message, begun)
        elif update.edited_message is not None:
            await self._messages.edited(update.edited_message)
        elif update.callback_query is not None:
            await self._presses.pressed(update.callback_query, begun, is_late=is_late)
        elif update.inline_query is not None:
            await self._presses.typed(update.inline_query)

    def _read(self, raw: Json, kind: str) -> Update | None:
        """None where not even its basic fields can be read."""
        for shape in (raw, reduce_update(raw)):
            try:
                return Update.de_json(dict(shape), self._bot)
            except Exception as error:  # a shape that this version of the library does not know
                log.warning("telegram.update_unreadable", kind=kind, error=type(error).__name__)
        return None


def _kind_of(raw: Json) -> str:
    """The kind of an update; "" where there is nothing to do. Telegram also sends an edit, without a date,
    where nobody edited anything, as when a message gets its first reaction."""
    kind = next((kind for kind in KINDS if kind in raw), "")
    return "" if kind == "edited_message" and not raw[kind].get("edit_date") else kind


def _chat_of(body: Json) -> str:
    """The id within which updates are handled in order: of a chat, of a person who types an inline query, or of
    an inline message."""
    if inline_id := body.get("inline_message_id"):
        return str(inline_id)
    chat = body.get("chat") or (body.get("message") or {}).get("chat") or body.get("from") or {}
    return str(chat.get("id", ""))


def _album_of(body: Json) -> str:
    return str(body.get("media_group_id", ""))


def _is_stop(body: Json) -> bool:
    """Whether it is /stop, which is handled even in a crowded chat."""
    first = str(body.get("text", "")).split(maxsplit=1)[:1]
    return "".join(first).lower().partition("@")[0] == "/stop"


def _age(body: Json) -> float:
    """Seconds since a message was written or edited; 0 for what has no date, such as a press."""
    date = body.get("edit_date") or body.get("date")
    return time.time() - date if isinstance(date, int) else 0.0
