"""Handles button presses and inline queries (what people type after the bot's name in any chat)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, Chat, InlineQuery, Message, User

from bots.telegram import inline
from bots.telegram.account import Account
from bots.telegram.asking import ASKING, ask_for_text
from bots.telegram.buttons import ASK, IN_PLACE, PRESS, Pressed, has_button, read_data, with_name
from bots.telegram.languages import Languages
from bots.telegram.message_cache import MessageCache
from bots.telegram.messages import AGAIN, run, useless
from bots.telegram.places import PREFIX, Place, inline_address
from bots.telegram.press_reply import Press, PressReply, QuietReply
from bots.telegram.reply import TelegramReply
from bots.telegram.sequencer import Begun
from bots.telegram.turn import (
    labels,
    message_turn,
    person,
    person_of,
    place_of,
    press_turn,
    pressed_place,
    read,
)
from core.answer import Action
from core.app import Core
from core.commands import is_paid
from core.errors import Busy, StoreError
from core.turn import Person, Turn
from core.words import t

_OWN = (AGAIN, inline.ANSWER)  # buttons that are not core's: both lead to an answer
_OF_PERSON = ("model", "persona")  # what people choose for themselves
_CHANGING = ("delete", AGAIN)  # what changes the message with the button, as all does that acts in place


@dataclass(frozen=True)
class Presses:
    """Handles presses and inline queries."""

    core: Core
    account: Account
    cache: MessageCache
    languages: Languages

    async def pressed(self, query: CallbackQuery, begun: Begun, *, is_late: bool) -> None:
        """Handles a press. `is_late`: pressed while the bot was away."""
        press = Press(self.account.bot, query, begun)
        pressed, place, who = read_data(query.data or ""), pressed_place(query), person(query.from_user)
        locale = await self.core.language_of(who)
        is_nowhere = place is None and query.inline_message_id is None
        if pressed is None or is_nowhere or not _is_offered(query, pressed):
            await press.answer(t(locale, "telegram-old-button") if pressed else "")
            return
        models = self.core.catalogue
        pressed = with_name(pressed, (*models.chat, *models.image))
        if is_late and _is_paid(pressed) and not await press.answer():
            return  # so long ago that nobody waits for it any more
        if place is None:
            await self._inline(press, pressed, locale)
        elif pressed.command == AGAIN:
            await self._again(press, place)
        else:
            await self._in_chat(press, pressed, place, locale)
        await press.answer()

    async def _in_chat(self, press: Press, pressed: Pressed, place: Place, locale: str) -> None:
        """Runs a button of core's, under a message of a known chat."""
        who = await self._who(press, place)
        turn = press_turn(press.begun.number, pressed, who, place, self.core.settings)
        before = await self.core.prefill(turn) if pressed.kind == ASK else None
        if before is None:
            whose = _whose(press, pressed, who, locale)
            reply = PressReply(self.account, place, press, pressed, locale=locale, whose=whose)
            await run(self.core, turn, reply, press.begun)
            return
        await press.answer()  # asking may have to wait
        user = _asked(press, who)
        await ask_for_text(self.core, self.account, place, user, who, pressed, before=before)

    async def _who(self, press: Press, place: Place) -> Person:
        """Who pressed. A manager of a group who asked in the group's name presses under their own name: then
        the press counts as the group's, too."""
        user, question = press.query.from_user, press.question
        is_moderator = await self.account.members.is_moderator(place.chat, user)
        if is_moderator and question is not None and question.sender_chat == question.chat:
            return await self.languages.author(question)
        return replace(person(user), is_moderator=is_moderator)

    async def _again(self, press: Press, place: Place) -> None:
        """Accepts an offer: answers the question as it is now, in place of the offer. Telegram sends its text
        along with the press."""
        question, who = press.question, await self._who(press, place)
        if question is None or person_of(question).id != who.id:
            key = "not-found" if question is None else "not-yours"
            await press.answer(t(await self.core.language_of(who), key), alert=True)
            return
        reply = TelegramReply(self.account, place_of(question), (place.question,))
        if await self.core.is_answering(reply.address):  # pressed twice, paid once
            await press.answer(t(await self.core.language_of(who), "telegram-taken"))
            return
        question = await self.cache.end_offer(question)
        asked = read(question, self.account.me)
        key = "not-found" if asked is None else useless(asked)
        if asked is None or key:
            await press.answer(t(await self.core.language_of(who), key), alert=True)
            return
        turn = message_turn(press.begun.number, asked, who, self.account.bot, self.core.settings)
        turn = await self.cache.with_all_pictures(question, turn)
        await press.answer()
        await run(self.core, turn, reply, press.begun)

    async def stopped(self, stopped: Mapping[str, Any], begun: Begun) -> None:
        """Handles the Stop button that Telegram draws under a draft, which exist in private chats only."""
        chat = int(stopped["chat"]["id"])
        who = Person(f"{PREFIX}:{chat}", str(stopped["chat"].get("first_name", "")))
        place = Place(chat, int(stopped.get("message_thread_id") or 0))
        turn = press_turn(begun.number, Pressed(PRESS, "stop"), who, place, self.core.settings)
        await self.core.run(turn, QuietReply(self.account, place))

    async def typed(self, query: InlineQuery) -> None:
        """Handles an inline query: offers a card with the question typed so far, which is kept for its
        button."""
        question, ref, who = query.query.strip(), "", person(query.from_user)
        if not await self.core.lets_in(self._alone("", Pressed(PRESS, inline.ANSWER), who)):
            question = ""
        if question:
            try:
                ref = await self.core.keep_typed(who.id, question)
            except Busy:
                question = ""
            except StoreError:
                return
        await inline.offer(self.account.bot, query, question, ref, await self.core.language_of(who))

    async def question_in(self, inline_id: str) -> str:
        """The question of an inline message; "" after a day, or while the store is away."""
        try:
            return await self.core.kept.find(inline_address(inline_id)) or ""
        except StoreError:
            return ""

    def _alone(self, number: str, pressed: Pressed, who: Person) -> Turn:
        """The Turn of somebody in an unknown chat, as if in their private chat but without its rights."""
        private_chat = Place(int(who.id.removeprefix(f"{PREFIX}:")))
        turn = press_turn(number, pressed, who, private_chat, self.core.settings)
        return replace(turn, labels=labels(who, None), private=False, adult=False)

    async def _inline(self, press: Press, pressed: Pressed, locale: str) -> None:
        """Runs a button under an inline message. The person who presses is checked and pays; the chat is
        unknown, so their private chat stands for it."""
        inline_id = str(press.query.inline_message_id)
        turn = self._alone(press.begun.number, pressed, person(press.query.from_user))
        turn = replace(turn, room=inline_address(inline_id))
        if pressed.command == inline.ANSWER:
            if not (question := await self._question_of_card(press, pressed, locale)):
                return
            with suppress(StoreError):  # then the answer stands there alone
                await self.core.kept.keep(question, inline_address(inline_id))
            turn = replace(turn, command="ask", text=question, args={})
            again = inline.answer_action(locale, pressed.ref)
        else:
            question = await self.question_in(inline_id)
            again = Action(pressed.command, pressed.ref, t(locale, "answer-button-again"))
        reply = inline.InlinePressReply(self.account, inline_id, press, question, again, locale=locale)
        await run(self.core, turn, reply, press.begun)

    async def _question_of_card(self, press: Press, pressed: Pressed, locale: str) -> str:
        """The question of a card that is not answered yet; "" after saying why there is nothing to answer. The
        person who pressed first pays, and nobody pays twice."""
        try:
            question = await self.core.kept.find(pressed.ref) or ""
        except StoreError as error:
            await press.answer(t(locale, error.message_key), alert=True)
            return ""
        if not question:
            await press.answer(t(locale, "telegram-inline-lost"), alert=True)
        elif await self.core.is_answering(inline_address(str(press.query.inline_message_id))):
            await press.answer(t(locale, "telegram-taken"))
            return ""
        return question


def _is_offered(query: CallbackQuery, pressed: Pressed) -> bool:
    """Whether the button was really there, where the press would change the message under which it stands.
    Where Telegram no longer sends that message along, nobody can tell: in a private chat it is the person's
    own, in a group it may be another's. An inline message never comes along; there it must be a command that
    such messages have. All other presses add a message, or are Stop, whose button may just have gone."""
    message = query.message
    if not isinstance(message, Message):
        return pressed.kind == PRESS and pressed.command in inline.COMMANDS
    if pressed.kind == ASK:
        return pressed.command in ASKING
    if pressed.kind not in IN_PLACE and pressed.command not in _CHANGING:
        return True
    if not message.date.timestamp():  # 0: it is not sent along
        return message.chat.type == Chat.PRIVATE
    return has_button(message.reply_markup, query.data or "")


def _is_paid(pressed: Pressed) -> bool:
    """Whether the press itself costs money: where it first asks for a text, that may still be wanted."""
    return pressed.command in _OWN or (
        pressed.kind != ASK and is_paid(pressed.command, {"value": pressed.value})
    )


def _asked(press: Press, who: Person) -> User:
    """Whom to ask for a text: an anonymous admin is another user to Telegram."""
    question, user = press.question, press.query.from_user
    if who.id == person(user).id or question is None:
        return user
    return question.from_user or user


def _whose(press: Press, pressed: Pressed, who: Person, locale: str) -> str:
    """Words that say whose choice it is, where a group could take it for that of the person who asked; else
    ""."""
    question = press.question
    is_plain = question is None or question.chat.type == Chat.PRIVATE or person_of(question).id == who.id
    return "" if is_plain or pressed.command not in _OF_PERSON else t(locale, "telegram-for", name=who.name)
