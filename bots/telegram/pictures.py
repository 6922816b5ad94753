"""Made pictures as messages: the message that said how far they are becomes the picture."""

from collections.abc import Sequence
from dataclasses import replace

import structlog
from telegram import InlineKeyboardMarkup

from bots.telegram import captions
from bots.telegram.buttons import keyboard
from bots.telegram.calls import Declined
from bots.telegram.chat import Chat
from bots.telegram.lanes import ReplyLane
from bots.telegram.pages import Page, Pages, measure
from core.answer import Answer, Picture
from core.errors import Gone, TooBig
from core.pace import Rank

log = structlog.get_logger(__name__)

PHOTO_BYTES = 10 * 1024 * 1024
ALBUM = 10


class Pictures:
    """Shows pictures in one chat."""

    def __init__(self, chat: Chat, lane: ReplyLane) -> None:
        self._chat = chat
        self._lane = lane

    async def show(self, answer: Answer, posted: tuple[int, ...]) -> tuple[int, ...]:
        """The messages that show the pictures, of which `posted` may be one. A single picture takes the
        place of a single message: shown again after a restart it is there once."""
        first, *others = answer.pictures
        before, caption = _words(answer)
        is_alone = not others and not before
        if len(posted) == 1 and is_alone and await self._become(posted[0], first, caption, keyboard(answer)):
            return posted
        sent = [await self._say(page) for page in before]
        if others and not first.as_file:
            return await self._album(answer, caption, sent)
        sent += [await self._send(picture, Page(""), None) for picture in answer.pictures[:-1]]
        sent.append(await self._send(answer.pictures[-1], caption, keyboard(answer, sent)))
        return tuple(sent)

    async def _become(
        self, message: int, picture: Picture, caption: Page, buttons: InlineKeyboardMarkup | None
    ) -> bool:
        """False where the message cannot: it is gone, or the server is older than that."""
        try:
            try:
                async with self._lane.call(Rank.FINAL):
                    await self._chat.become(message, _fitting(picture), caption, buttons)
            except TooBig:  # or too long a side: a document has no such limit
                async with self._lane.call(Rank.FINAL):
                    await self._chat.become(message, replace(picture, as_file=True), caption, buttons)
        except (Gone, Declined) as error:
            log.info("telegram.picture_apart", cause=error.cause)
            return False
        return True

    async def _say(self, page: Page) -> int:
        async with self._lane.call(Rank.FINAL):
            return await self._chat.send(page, None)

    async def _send(self, picture: Picture, caption: Page, buttons: InlineKeyboardMarkup | None) -> int:
        try:
            if _fitting(picture).as_file:
                raise TooBig
            async with self._lane.call(Rank.FINAL):
                return await self._chat.photo(picture, caption, buttons)
        except TooBig:
            async with self._lane.call(Rank.FINAL):
                return await self._chat.document(picture, caption, buttons)

    async def _album(self, answer: Answer, caption: Page, before: Sequence[int]) -> tuple[int, ...]:
        """What there is to say stands under the album. Albums have no buttons: where there are some, they stand
        below it, and the small print with them."""
        has_tail = keyboard(answer) is not None
        if has_tail and not answer.text:
            caption = captions.caption(answer.pictures[0].alt, "", "")
        sent = list(before)
        for start in range(0, len(answer.pictures), ALBUM):
            some = answer.pictures[start : start + ALBUM]
            words = caption if start == 0 else Page("")
            if len(some) == 1 or any(_fitting(picture).as_file for picture in some):
                sent.append(await self._send(some[0], words, None))
                sent += [await self._send(picture, Page(""), None) for picture in some[1:]]
                continue
            async with self._lane.call(Rank.FINAL):
                sent += await self._chat.album(some, words)
        if not has_tail:
            return tuple(sent)
        async with self._lane.call(Rank.FINAL):
            tail = captions.small(" ".join(filter(None, (answer.note, answer.footer))) or "…")
            return (*sent, await self._chat.send(tail, keyboard(answer, sent)))


def _words(answer: Answer) -> tuple[tuple[Page, ...], Page]:
    """What is said before the pictures, and what stands under them: a short text is their caption."""
    described = answer.pictures[0].alt
    if not answer.text:
        return (), captions.caption(described, answer.note, answer.footer)
    note = "\n".join(filter(None, (described, answer.note)))
    pages = Pages().draw(answer.text, note, answer.footer)
    if len(pages) == 1 and measure(pages[0].text) <= captions.CAPTION_UNITS:
        return (), pages[0]
    return Pages().draw(answer.text), captions.caption(described, answer.note, answer.footer)


def _fitting(picture: Picture) -> Picture:
    return replace(picture, as_file=True) if len(picture.data) > PHOTO_BYTES else picture
