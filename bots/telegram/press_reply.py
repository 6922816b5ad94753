"""Replies to a button press: a single line goes into the notice of the press, which only its person sees."""

from dataclasses import replace

from telegram import Bot, CallbackQuery, Message
from telegram.error import TelegramError

from bots.telegram.account import Account
from bots.telegram.buttons import IN_PLACE, Pressed
from bots.telegram.calls import Declined
from bots.telegram.pages import Page
from bots.telegram.places import Place
from bots.telegram.reply import TelegramReply
from bots.telegram.sequencer import Begun
from core.answer import Answer, Phase, Surface
from core.pages import utf16_length
from core.words import t

_NOTICE_UNITS = 200


class Press:
    """A button press to be answered: until then Telegram shows a spinner on the button. `begun` is of its
    update."""

    def __init__(self, bot: Bot, query: CallbackQuery, begun: Begun) -> None:
        self._bot = bot
        self.query, self.begun = query, begun
        self._is_open = True

    @property
    def question(self) -> Message | None:
        """What the message with the button answers."""
        message = self.query.message
        return message.reply_to_message if isinstance(message, Message) else None

    async def answer(self, text: str = "", *, alert: bool = False) -> bool:
        """Answers the press with a notice (none for ""), which ends the spinner. False where it was answered
        before, or is too old."""
        if not self._is_open:
            return False
        self._is_open = False
        try:
            await self._bot.answer_callback_query(self.query.id, text or None, show_alert=alert)
        except TelegramError:  # too old, or the connection broke: nothing depends on it
            return False
        return True


def is_line(answer: Answer) -> bool:
    """Whether an answer is a final state of nothing but one line that fits into a notice."""
    if not answer.phase.is_final or not answer.note or utf16_length(answer.note) > _NOTICE_UNITS:
        return False
    return not (answer.text or answer.pictures or answer.choices or answer.actions or answer.footer)


class PressReply(TelegramReply):
    """The reply to a press: a notice for a single line, else messages. `place.question` is the message with the
    button. A press answered in place (see `buttons.IN_PLACE`) changes that message; where new messages are
    needed it is deleted, and they reply to what it replied to. `whose` is put before what others read of it:
    whose choice it is, "" where that is plain."""

    def __init__(
        self, account: Account, place: Place, press: Press, pressed: Pressed, *, locale: str, whose: str
    ) -> None:
        self._in_place = pressed.kind in IN_PLACE
        if self._in_place:
            answered = press.question.message_id if press.question else 0
            super().__init__(account, replace(place, question=answered), (place.question,))
        else:
            super().__init__(account, place)
        self._press = press
        self._locale, self._whose = locale, whose
        self._removable = [place.question, *pressed.earlier]

    @property
    def surface(self) -> Surface:
        return replace(super().surface, terse=False)  # a notice is gone by itself

    async def show(self, answer: Answer) -> None:
        # In place only a refusal is a notice: what was picked stays readable.
        is_notice = is_line(answer) and (answer.phase is Phase.FAILED or not self._in_place)
        if is_notice and await self._press.answer(answer.note, alert=answer.alert):
            return
        if answer.remove:
            await self._remove()
        else:
            await self._press.answer()
            await super().show(replace(answer, note=f"{self._whose} {answer.note}".strip()))

    async def _remove(self) -> None:
        """Deletes the message with the button, and the answer's earlier ones. Where that fails halfway, the
        next try goes on from there."""
        while self._removable:
            message = self._removable[0]
            if not (await self._chat.delete(message) or await self._blank(message)):
                await self._press.answer(t(self._locale, "telegram-too-old"), alert=True)
            del self._removable[0]
        await self._press.answer()

    async def _blank(self, message: int) -> bool:
        """Replaces the text of a message that is too old to be deleted: edits have no age limit. False where it
        is a picture."""
        try:
            await self._chat.edit(message, Page(t(self._locale, "telegram-deleted")), None)
        except Declined:
            return False
        return True


class QuietReply(TelegramReply):
    """A reply that shows nothing, for a request that Telegram's app itself has answered on the screen."""

    async def show(self, answer: Answer) -> None:
        return
