"""Inline mode: a card for what is typed after the bot's name, and the answer inside the sent message.

Nothing is paid before a person presses the button under it; who presses, pays.
"""

from contextlib import suppress
from dataclasses import replace

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import TelegramError

from bots.telegram import captions
from bots.telegram.account import Account
from bots.telegram.buttons import PRESS, keyboard, write_data
from bots.telegram.calls import Declined
from bots.telegram.chat import Chat
from bots.telegram.lanes import ReplyLane
from bots.telegram.pages import Page, Pages
from bots.telegram.places import INLINE, Place, inline_address
from bots.telegram.press_reply import Press, is_line
from bots.telegram.reply import GROUP_EVERY_S
from core.answer import Action, Answer, Phase, Surface
from core.errors import TooBig
from core.pace import Window
from core.pages import FOOTER, NOTE, shorten
from core.words import t

ANSWER = "inline"  # the button of a card
_WINDOWS = (Window(20, 60.0),)  # the chat is unknown; a group's limit is the safe guess
_TITLE = 60
# Nothing can stand beside such a message, as a picker does, and no bot can delete it.
COMMANDS = frozenset({ANSWER, "regenerate", "continue", "try again", "stop"})


def answer_action(locale: str, ref: str) -> Action:
    """The button under a question that is not answered yet."""
    return Action(ANSWER, ref, t(locale, "telegram-inline-button"))


async def offer(bot: Bot, query: InlineQuery, question: str, ref: str, locale: str) -> None:
    """Answers an inline query with one card for the question; without one while nothing is typed."""
    cards = []
    if question:
        action = answer_action(locale, ref)
        button = InlineKeyboardButton(action.label, callback_data=write_data(PRESS, ANSWER, ref))
        card = InlineQueryResultArticle(
            id=ref,
            title=t(locale, "telegram-inline-title", question=shorten(question, _TITLE)),
            description=t(locale, "telegram-inline-hint"),
            input_message_content=InputTextMessageContent(
                question, link_preview_options=LinkPreviewOptions(is_disabled=True)
            ),
            reply_markup=InlineKeyboardMarkup([[button]]),
        )
        cards.append(card)
    with suppress(TelegramError):  # typed on in the meantime: this query is too old
        await bot.answer_inline_query(query.id, cards, cache_time=0, is_personal=True)


class InlineReply:
    """An answer inside a message that a person sent through the bot: one page, edited in place. The message was
    the `question`, which stays above. `cut` says of a longer answer that this is not all."""

    surface = Surface(show_every=GROUP_EVERY_S, buttons=True)

    def __init__(self, account: Account, inline_id: str, question: str, cut: str = "") -> None:
        self._id, self._cut = inline_id, cut
        self._quoted = captions.quoted(question)
        self._chat = Chat(account.bot, Place(0))
        self._pages = Pages()
        self.lane = ReplyLane(account.pace.lane(f"{INLINE}:{inline_id}", windows=_WINDOWS), lambda: False)
        self.address = inline_address(inline_id)
        self.messages = (inline_id,)

    async def show(self, answer: Answer) -> None:
        if answer.pictures:
            raise TooBig(cause="a picture in an inline message")
        try:
            await self._show(answer)
        except Declined as error:
            self._pages = self._pages.plainer(error, answer.phase)
            await self.show(answer)

    async def _show(self, answer: Answer) -> None:
        note = answer.note or ("…" if not answer.text and answer.phase is Phase.WORKING else "")
        draw = self._pages.draw if answer.phase.is_whole else self._pages.draw_so_far
        text = "\n\n".join(filter(None, (self._quoted, answer.text)))
        pages = draw(text, note, answer.footer)
        if pages:
            page = pages[0] if len(pages) == 1 else captions.cut(pages[0], self._below(answer))
            actions = tuple(action for action in answer.actions if action.command in COMMANDS)
            await self._chat.edit_inline(self._id, page, keyboard(replace(answer, actions=actions)))

    def _below(self, answer: Answer) -> Page:
        """What is said below an answer that is longer than the message."""
        note = "\n".join(filter(None, (self._cut, answer.note)))
        return captions.tail(shorten(note, NOTE), shorten(answer.footer, FOOTER))

    async def close(self) -> None:
        """Does nothing: there is no indicator to stop."""


class InlinePressReply(InlineReply):
    """The reply to a press under such a message: a refusal is shown to its person alone. `again` is the button
    that comes back where there was no answer: somebody else may have money left, or the service is soon
    back."""

    def __init__(
        self, account: Account, inline_id: str, press: Press, question: str, again: Action, *, locale: str
    ) -> None:
        super().__init__(account, inline_id, question, t(locale, "telegram-inline-cut"))
        self._press = press
        self._again = again

    async def show(self, answer: Answer) -> None:
        if is_line(answer) and await self._press.answer(answer.note, alert=answer.alert):
            return
        await self._press.answer()
        if answer.phase is Phase.FAILED and not answer.actions:
            answer = replace(answer, actions=(self._again,))
        await super().show(answer)
