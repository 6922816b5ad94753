"""One chat as we write to it: every method is one call, and raises only DeliveryError."""

from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import TypeVar

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bots.telegram.calls import NOT_MODIFIED, explain
from bots.telegram.pages import Page
from bots.telegram.places import Place
from core.answer import Picture
from core.errors import DeliveryError

T = TypeVar("T")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def told(call: Awaitable[T]) -> T:
    """The call's result; the library's errors as core's. No error keeps a link to the library's own,
    whose text may hold the address of the call."""
    try:
        return await call
    except TelegramError as error:
        raise explain(error) from None


class Chat:
    """Writes to one place."""

    def __init__(self, bot: Bot, place: Place) -> None:
        self.bot = bot
        self.place = place

    async def send(self, page: Page, keyboard: InlineKeyboardMarkup | ForceReply | None = None) -> int:
        """A new message; its id."""
        message = await told(
            self.bot.send_message(
                self.place.chat,
                page.text,
                entities=page.entities,
                reply_markup=keyboard,
                reply_parameters=self._reply(),
                message_thread_id=self.place.thread or None,
                link_preview_options=_NO_PREVIEW,
            )
        )
        return message.message_id

    async def edit(self, message: int, page: Page, keyboard: InlineKeyboardMarkup | None) -> None:
        await self._edit(
            self.bot.edit_message_text(
                page.text,
                self.place.chat,
                message,
                entities=page.entities,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        )

    async def edit_inline(self, inline_id: str, page: Page, keyboard: InlineKeyboardMarkup | None) -> None:
        """The same for a message that a person sent through the bot, in a chat unknown to us."""
        await self._edit(
            self.bot.edit_message_text(
                page.text,
                inline_message_id=inline_id,
                entities=page.entities,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        )

    async def delete(self, message: int) -> None:
        """What cannot be deleted any more stays; that is no reason to fail."""
        with suppress(DeliveryError):
            await told(self.bot.delete_message(self.place.chat, message))

    async def strip(self, message: int) -> None:
        """Takes the buttons away."""
        with suppress(DeliveryError):
            await told(self.bot.edit_message_reply_markup(self.place.chat, message))

    async def typing(self) -> None:
        await told(
            self.bot.send_chat_action(
                self.place.chat, ChatAction.TYPING, message_thread_id=self.place.thread or None
            )
        )

    async def draft(self, number: int, page: Page) -> None:
        """A frame of a growing text, private chats only; it is gone after 30 s."""
        await told(
            self.bot.send_message_draft(
                self.place.chat,
                number,
                page.text,
                entities=page.entities,
                message_thread_id=self.place.thread or None,
                api_kwargs={"can_stop": True, "keep_on_stop": True},
            )
        )

    async def photo(self, picture: Picture, caption: Page, keyboard: InlineKeyboardMarkup | None) -> int:
        message = await told(
            self.bot.send_photo(
                self.place.chat,
                InputFile(picture.data, picture.name),
                caption=caption.text,
                caption_entities=caption.entities,
                has_spoiler=picture.spoiler,
                reply_markup=keyboard,
                reply_parameters=self._reply(),
                message_thread_id=self.place.thread or None,
            )
        )
        return message.message_id

    async def document(self, picture: Picture, caption: Page, keyboard: InlineKeyboardMarkup | None) -> int:
        """The picture untouched: Telegram does not shrink documents."""
        message = await told(
            self.bot.send_document(
                self.place.chat,
                InputFile(picture.data, picture.name),
                caption=caption.text,
                caption_entities=caption.entities,
                disable_content_type_detection=True,
                reply_markup=keyboard,
                reply_parameters=self._reply(),
                message_thread_id=self.place.thread or None,
            )
        )
        return message.message_id

    async def album(self, pictures: Sequence[Picture], caption: Page) -> tuple[int, ...]:
        """Two to ten pictures; an album cannot carry buttons."""
        media = [
            InputMediaPhoto(
                InputFile(picture.data, picture.name, attach=True),
                caption=caption.text if number == 0 else None,
                caption_entities=caption.entities if number == 0 else None,
                has_spoiler=picture.spoiler,
            )
            for number, picture in enumerate(pictures)
        ]
        messages = await told(
            self.bot.send_media_group(
                self.place.chat,
                media,
                reply_parameters=self._reply(),
                message_thread_id=self.place.thread or None,
            )
        )
        return tuple(message.message_id for message in messages)

    @staticmethod
    async def _edit(call: Awaitable[object]) -> None:
        """A message that shows it already is as good as edited."""
        try:
            await call
        except TelegramError as error:
            if not (isinstance(error, BadRequest) and NOT_MODIFIED in error.message.lower()):
                raise explain(error) from None

    def _reply(self) -> ReplyParameters | None:
        if not self.place.question:
            return None
        return ReplyParameters(self.place.question, allow_sending_without_reply=True)
