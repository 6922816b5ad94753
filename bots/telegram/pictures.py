"""Shows made pictures: the message that showed the progress becomes the picture."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

import structlog
from telegram import InlineKeyboardMarkup, Message

from bots.telegram import captions
from bots.telegram.buttons import keyboard
from bots.telegram.calls import Declined, Unknown, Unsure
from bots.telegram.chat import Chat
from bots.telegram.files import files_of
from bots.telegram.lanes import ReplyLane
from bots.telegram.pages import Page, Pages
from core.answer import Answer, Picture
from core.errors import DeliveryError, Gone, NoPictures, TooBig
from core.pace import Rank
from core.pages import utf16_length
from core.turn import FileRef

log = structlog.get_logger(__name__)

PHOTO_BYTES = 10 * 1024 * 1024
_ALBUM = 10
T = TypeVar("T")
_Step = Callable[[], Awaitable[tuple[int, ...]]]  # one thing to send; the new messages


class Pictures:
    """Shows the pictures of an answer in one chat. A retry does not send again what was sent before the
    error."""

    def __init__(self, chat: Chat, lane: ReplyLane) -> None:
        self._chat = chat
        self._lane = lane
        self._answer: Answer | None = None  # the one under way ...
        self._steps: list[_Step] = []  # ... what is still to be sent of it ...
        self.sent: tuple[int, ...] = ()  # ... the messages so far ...
        self.files: tuple[FileRef, ...] = ()  # ... and where Telegram keeps their pictures

    async def show(self, answer: Answer, posted: tuple[int, ...]) -> tuple[int, ...]:
        """Shows the pictures. Returns the messages that do, of which `posted` may be one: a single picture
        takes the place of a single message, so that shown again after a restart it is there once."""
        first, *others = answer.pictures
        before, caption = _words(answer)
        if answer != self._answer:
            steps: list[_Step] = [partial(self._say, page) for page in before]
            if others and not first.as_file:
                steps += self._album(answer, caption)
            else:
                steps += [partial(self._send, picture, Page("")) for picture in answer.pictures[:-1]]
                steps.append(partial(self._send, answer.pictures[-1], caption, answer))
            self._answer, self._steps, self.sent, self.files = answer, steps, (), ()
        is_alone = not (others or before or self.sent)
        if len(posted) == 1 and is_alone and await self._become(posted[0], first, caption, keyboard(answer)):
            return posted
        while self._steps:
            self.sent += await self._steps[0]()
            del self._steps[0]
        return self.sent

    async def _become(
        self, message: int, picture: Picture, caption: Page, buttons: InlineKeyboardMarkup | None
    ) -> bool:
        """Replaces the message by the picture. False where that is not possible: it is gone, or the server is
        too old for that."""
        try:
            await self._call_with((picture,), lambda one: self._chat.become(message, one[0], caption, buttons))
        except (Gone, Declined, Unknown) as error:
            log.info("telegram.picture_apart", cause=error.cause)
            return False
        except Unsure as error:  # done twice it is there once: it may be tried as often as it takes
            raise DeliveryError(cause=error.cause) from error
        return True

    async def _say(self, page: Page, under: Answer | None = None) -> tuple[int, ...]:
        """Sends a page, with the buttons of the answer that it stands `under`. They name the messages before
        them, which are known only now."""
        async with self._lane.call(Rank.FINAL):
            return (await self._chat.send(page, keyboard(under, self.sent) if under else None),)

    async def _send(self, picture: Picture, caption: Page, under: Answer | None = None) -> tuple[int, ...]:
        """Sends a picture, with buttons as `_say` does. One that Telegram cannot read as a photo is sent as a
        file."""
        buttons = keyboard(under, self.sent) if under else None
        try:
            sent = await self._call_with((picture,), lambda one: self._chat.picture(one[0], caption, buttons))
        except Declined:
            if picture.as_file:
                raise
            return await self._send(replace(picture, as_file=True), caption, under)
        return self._posted(sent)

    async def _send_some(self, some: tuple[Picture, ...], caption: Page) -> tuple[int, ...]:
        """Sends some as an album, else in further steps one by one: groups in slow mode take no albums."""
        try:
            album = await self._call_with(some, lambda pictures: self._chat.album(pictures, caption))
        except (Declined, Unknown) as error:
            log.info("telegram.album_apart", cause=error.cause)
            self._steps[1:1] = self._apart(some, caption)
            return ()
        return self._posted(*album)

    def _apart(self, some: Sequence[Picture], caption: Page) -> list[_Step]:
        """The steps that send some pictures one by one, what there is to say under the first."""
        return [partial(self._send, one, Page("") if at else caption) for at, one in enumerate(some)]

    def _posted(self, *messages: Message) -> tuple[int, ...]:
        self.files += tuple(file for message in messages for file in files_of(message))
        return tuple(message.message_id for message in messages)

    async def _call_with(
        self, pictures: Sequence[Picture], call: Callable[[Sequence[Picture]], Awaitable[T]]
    ) -> T:
        """Makes a call with photos; where they are refused, with documents: these may have any size and shape,
        and groups permit them separately. Raises NoPictures where neither may be posted."""
        if not any(_fitting(picture).as_file for picture in pictures):
            with suppress(TooBig, NoPictures):
                async with self._lane.call(Rank.FINAL):
                    return await call(pictures)
        async with self._lane.call(Rank.FINAL):
            return await call([replace(picture, as_file=True) for picture in pictures])

    def _album(self, answer: Answer, caption: Page) -> list[_Step]:
        """The steps that show the pictures as albums, what there is to say under the first. Albums have no
        buttons: where there are some, they stand below in a message of their own, and the small print with
        them."""
        has_tail = keyboard(answer) is not None
        if has_tail and not answer.text:
            caption = captions.caption(answer.pictures[0].alt, "", "")
        steps: list[_Step] = []
        for start in range(0, len(answer.pictures), _ALBUM):
            some = answer.pictures[start : start + _ALBUM]
            words = caption if start == 0 else Page("")
            if len(some) == 1 or any(_fitting(picture).as_file for picture in some):
                steps += self._apart(some, words)
            else:
                steps.append(partial(self._send_some, some, words))
        if has_tail:
            steps.append(partial(self._say, captions.tail(answer.note, answer.footer), answer))
        return steps


def _words(answer: Answer) -> tuple[tuple[Page, ...], Page]:
    """The pages before the pictures, and the caption under them: a short text becomes the caption."""
    described = answer.pictures[0].alt
    if not answer.text:
        return (), captions.caption(described, answer.note, answer.footer)
    note = "\n".join(filter(None, (described, answer.note)))
    pages = Pages().draw(answer.text, note, answer.footer)
    if len(pages) == 1 and utf16_length(pages[0].text) <= captions.CAPTION_UNITS:
        return (), pages[0]
    return Pages().draw(answer.text), captions.caption(described, answer.note, answer.footer)


def _fitting(picture: Picture) -> Picture:
    return replace(picture, as_file=True) if len(picture.data) > PHOTO_BYTES else picture
