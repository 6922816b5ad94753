"""Calls that write to one chat: every method is one call, and raises only DeliveryError."""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import TelegramError

from bots.telegram.calls import Declined, Moved, Unchanged, call, translate_error
from bots.telegram.pages import Page
from bots.telegram.places import Place
from core.answer import Picture
from core.bidi import begins_from_right
from core.errors import Gone

T = TypeVar("T")
_NO_PREVIEW = {"is_disabled": True}
_DRAFT = {"can_stop": True, "keep_on_stop": True}  # newer than the library


async def _translated(call: Awaitable[T]) -> T:
    """The result of a call of the library. Raises its errors as core's, without a link to the library's own,
    whose text may hold the address of the call."""
    try:
        return await call
    except TelegramError as error:
        raise translate_error(error) from None


class Chat:
    """Calls that write to one place (a chat, or a topic of it)."""

    def __init__(self, bot: Bot, place: Place) -> None:
        self.bot = bot
        self.place = place

    async def send(self, page: Page, keyboard: InlineKeyboardMarkup | ForceReply | None = None) -> int:
        """Sends a new message. Returns its id."""
        method = "sendRichMessage" if page.blocks else "sendMessage"
        where = {"chat_id": self.place.chat, **self._where()}
        sent = await call(self.bot, method, **_said(page), reply_markup=keyboard, **where)
        return int(sent["message_id"])

    async def edit(self, message: int, page: Page, keyboard: InlineKeyboardMarkup | None) -> None:
        await self._edit(page, keyboard, chat_id=self.place.chat, message_id=message)

    async def take_buttons(self, message: int) -> dict[str, Any] | None:
        """Takes the buttons off a message. Returns the message, which nothing else reads; None where it has
        none."""
        try:
            edited: dict[str, Any] = await call(
                self.bot, "editMessageReplyMarkup", chat_id=self.place.chat, message_id=message
            )
        except Unchanged:
            return None
        return edited

    async def edit_inline(self, inline_id: str, page: Page, keyboard: InlineKeyboardMarkup | None) -> None:
        """Edits a message that a person sent through the bot, in a chat unknown to us."""
        await self._edit(page, keyboard, inline_message_id=inline_id)

    async def delete(self, message: int) -> bool:
        """Deletes a message. Returns whether it is gone: one of more than two days ago stays (Bot API,
        deleteMessage)."""
        with suppress(Gone, Moved):
            try:
                await call(self.bot, "deleteMessage", chat_id=self.place.chat, message_id=message)
            except Declined:
                return False
        return True

    async def reach(self) -> None:
        """Asks for no more than an answer."""
        await call(self.bot, "getMe")

    async def typing(self) -> None:
        await call(self.bot, "sendChatAction", action="typing", **self._here())

    async def draft(self, number: int, page: Page) -> None:
        """Shows a frame of a growing text, in private chats only. It is gone after 30 s."""
        method = "sendRichMessageDraft" if page.blocks else "sendMessageDraft"
        await call(self.bot, method, draft_id=number, **_drafted(page), **self._here(), **_DRAFT)

    async def picture(self, picture: Picture, caption: Page, keyboard: InlineKeyboardMarkup | None) -> Message:
        """Sends a picture as a new message; untouched as a document: Telegram does not shrink these."""
        file = InputFile(picture.data, picture.name)
        given = {**_captioned(caption), "reply_markup": keyboard, **self._where()}
        if picture.as_file:
            sending = self.bot.send_document(
                self.place.chat, file, disable_content_type_detection=True, **given
            )
        else:
            sending = self.bot.send_photo(self.place.chat, file, has_spoiler=picture.spoiler, **given)
        return await _translated(sending)

    async def album(self, pictures: Sequence[Picture], caption: Page) -> tuple[Message, ...]:
        """Sends two to ten pictures; an album cannot carry buttons."""
        media = [_media(one, Page("") if at else caption) for at, one in enumerate(pictures)]
        return await _translated(self.bot.send_media_group(self.place.chat, media, **self._where()))

    async def become(
        self, message: int, picture: Picture, caption: Page, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Replaces a message of ours, also one of text, by a picture. Idempotent."""
        media = _media(picture, caption)
        with suppress(Unchanged):
            await _translated(
                self.bot.edit_message_media(media, self.place.chat, message, reply_markup=keyboard)
            )

    async def _edit(self, page: Page, keyboard: InlineKeyboardMarkup | None, **message: Any) -> None:
        with suppress(Unchanged):  # as good as edited
            await call(self.bot, "editMessageText", **message, **_said(page), reply_markup=keyboard)

    def _here(self) -> dict[str, Any]:
        """The parameters for the chat and its topic."""
        return {"chat_id": self.place.chat, "message_thread_id": self.place.thread or None}

    def _where(self) -> dict[str, Any]:
        """The parameters for the topic and the message that is answered; if that is gone, the answer is sent
        all the same."""
        question = self.place.question
        reply = ReplyParameters(question, allow_sending_without_reply=True) if question else None
        return {"message_thread_id": self.place.thread or None, "reply_parameters": reply}


def _said(page: Page) -> dict[str, Any]:
    """The parameters with a page's text, for the methods that send or edit text."""
    return _drafted(page) if page.blocks else {**_drafted(page), "link_preview_options": _NO_PREVIEW}


def _drafted(page: Page) -> dict[str, Any]:
    """The same, as drafts take it."""
    if page.blocks:
        direction = {"is_rtl": True} if begins_from_right(page.text) else {}
        return {"rich_message": {"blocks": page.blocks, **direction}}
    return {"text": page.text, "entities": page.entities}


def _captioned(caption: Page) -> dict[str, Any]:
    return {
        "caption": caption.text or None,
        "caption_entities": MessageEntity.de_list(list(caption.entities), None),
    }


def _media(picture: Picture, caption: Page) -> InputMediaPhoto | InputMediaDocument:
    file, given = InputFile(picture.data, picture.name, attach=True), _captioned(caption)
    if picture.as_file:
        return InputMediaDocument(file, disable_content_type_detection=True, **given)
    return InputMediaPhoto(file, has_spoiler=picture.spoiler, **given)
