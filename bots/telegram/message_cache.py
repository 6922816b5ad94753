"""Caches for a day what Telegram does not send a second time.

When somebody replies to one picture of an album, theirs or ours, it does not send the other pictures. When the
button under an offer is pressed, it does not send the message that the offered question replies to.
"""

import json
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import structlog
from telegram import Bot, Message

from bots.telegram.buttons import is_last_of_several
from bots.telegram.files import attach, files_of
from bots.telegram.places import PREFIX
from bots.telegram.turn import quoted_message
from core.app import Core
from core.errors import StoreError
from core.turn import Attachment, FileRef, Turn

log = structlog.get_logger(__name__)


class MessageCache:
    """A cache in the store, shared by all processes. While the store is away nothing is cached, and a message
    is only what Telegram sends of it: core itself tells the person that the store is away."""

    def __init__(self, core: Core, bot: Bot) -> None:
        self._core = core
        self._bot = bot

    async def keep_album(self, message: Message) -> None:
        """Caches the files of a message that is part of an album."""
        try:
            for file in files_of(message) if message.media_group_id else ():
                await self._core.kept.add(_album_name(message), msgspec.json.encode(file).decode())
        except StoreError as error:
            log.info("telegram.album_not_kept", cause=error.cause)

    async def keep_own_pictures(self, chat: int, messages: Sequence[int], files: Sequence[FileRef]) -> None:
        """Caches the pictures of an answer of ours under each of its messages: somebody may reply to any of
        them, and means all pictures."""
        try:
            for message in messages:
                await self._core.kept.keep(msgspec.json.encode(files).decode(), _own_name(chat, message))
        except StoreError as error:
            log.info("telegram.album_not_kept", cause=error.cause)

    async def with_quoted_pictures(self, message: Message, turn: Turn) -> Turn:
        """The turn with all pictures of the album to which `message` replies, if it does."""
        quoted = quoted_message(message)
        if quoted is None or turn.quote is None:
            return turn
        files = await (self._own(quoted) if turn.quote.by_bot else self._album(quoted))
        return replace(turn, quote=replace(turn.quote, attachments=files)) if files else turn

    async def with_all_pictures(self, message: Message, turn: Turn) -> Turn:
        """As `with_quoted_pictures`, and with all pictures of the album that `message` itself is part of."""
        files = await self._album(message)
        return await self.with_quoted_pictures(message, replace(turn, attachments=files or turn.attachments))

    async def begin_offer(self, message: Message) -> bool:
        """Caches what the message replies to until `end_offer`. False where it is offered already."""
        name, quoted = _offer_name(message), message.reply_to_message
        try:
            if await self._core.kept.find(name) is not None:
                return False
            await self._core.kept.keep("null" if quoted is None else quoted.to_json(), name)
        except StoreError:
            return False  # an offer is not worth a second message
        return True

    async def end_offer(self, message: Message) -> Message:
        """The message with what it replies to. From now on it may be offered again."""
        try:
            quoted = json.loads(await self._core.kept.take(_offer_name(message)) or "null")
        except StoreError:
            return message
        return Message.de_json({**message.to_dict(), "reply_to_message": quoted}, self._bot)

    async def _album(self, message: Message) -> tuple[Attachment, ...]:
        """The files of the album that the message is part of; () where it is part of none, or alone in it."""
        if not message.media_group_id:
            return ()
        try:
            kept = await self._core.kept.all(_album_name(message))
        except StoreError:
            return ()
        files = dict.fromkeys(msgspec.json.decode(one, type=FileRef) for one in kept)
        return tuple(attach(self._bot, file) for file in files) if len(files) > 1 else ()

    async def _own(self, message: Message) -> tuple[Attachment, ...]:
        """The pictures of the answer of ours that the message is part of; () where it is the only message."""
        if not files_of(message) and not is_last_of_several(message.reply_markup):
            return ()
        try:
            kept = await self._core.kept.find(_own_name(message.chat.id, message.message_id)) or "[]"
        except StoreError:
            return ()
        return tuple(attach(self._bot, file) for file in msgspec.json.decode(kept, type=list[FileRef]))


def _album_name(message: Message) -> str:
    return f"{PREFIX}:album:{message.chat.id}:{message.media_group_id}"


def _own_name(chat: int, message: int) -> str:
    return f"{PREFIX}:own:{chat}:{message}"


def _offer_name(message: Message) -> str:
    return f"{PREFIX}:offered:{message.chat.id}:{message.message_id}"
