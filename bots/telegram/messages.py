"""Handles messages of people: makes Turns of them and has core run these."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog
from telegram import ExternalReplyInfo, Message
from telegram.constants import ChatType

from bots.telegram.account import Account
from bots.telegram.asking import ask_for_text
from bots.telegram.buttons import PRESS, Pressed
from bots.telegram.files import files_of
from bots.telegram.inline import InlineReply
from bots.telegram.languages import Languages
from bots.telegram.message_cache import MessageCache
from bots.telegram.places import PREFIX
from bots.telegram.reply import TelegramReply
from bots.telegram.sequencer import Begun
from bots.telegram.turn import (
    Asked,
    has_quote,
    is_adult,
    is_as_channel,
    message_turn,
    place_of,
    press_turn,
    quoted_anywhere,
    quoted_message,
    quoted_thing,
    quoted_words,
    read,
    words_of,
)
from core.answer import Action, Answer, Phase
from core.app import Core
from core.errors import StoreError
from core.turn import Person, Turn
from core.words import t

log = structlog.get_logger(__name__)

_SPLIT_UNITS = 3500  # clients split long texts at 4096, at a line's end where there is one
_Join = Callable[[Turn, Callable[[], None]], Awaitable[Turn | None]]
AGAIN = "edited"  # a button that is not core's: a question is answered as it stands now


@dataclass(frozen=True)
class Messages:
    """Handles new and edited messages."""

    core: Core
    account: Account
    cache: MessageCache
    languages: Languages

    async def written(self, message: Message, begun: Begun) -> None:
        if not self._is_by_person(message):
            return
        who, asked = await self.languages.author(message), read(message, self.account.me)
        if asked is None:
            await self._overheard(message, who, begun)
            return
        await self.languages.hear(message)
        if is_as_channel(message):
            await self._refuse(message, who, "telegram-as-channel")
        elif asked.ref:
            await self._reworded(asked, who, begun)
        elif not await self._is_answered_by_us(asked, who):
            await self._asked(asked, who, begun)

    async def _overheard(self, message: Message, who: Person, begun: Begun) -> None:
        """Handles a message that is not for the bot by itself, but may be a part of one that is: another
        picture of an album, the end of a long text."""
        join = None if is_as_channel(message) else await self._join(message, None, who)
        if join is not None:
            turn = self._turn(begun.number, Asked(message, "ask", words_of(message)), who)
            await self._joined(message, turn, join, begun)

    async def _asked(self, asked: Asked, who: Person, begun: Begun) -> None:
        """Has core answer a message, with the parts that come just before or after it."""
        message = asked.message
        join = await self._join(message, asked, who)
        turn = self._turn(begun.number, asked, await self._with_rights(asked, who))
        if join is not None:
            await self._joined(message, replace(turn, args={"addressed": True}), join, begun)
        else:
            turn = await self._with_album(message, turn)
            await run(self.core, turn, TelegramReply(self.account, place_of(message)), begun)

    def _turn(self, number: str, asked: Asked, who: Person) -> Turn:
        return message_turn(number, asked, who, self.account.bot, self.core.settings)

    async def turned_away(self, message: Message) -> None:
        """Refuses a message because too much is under way in its chat."""
        if self._is_by_person(message) and read(message, self.account.me) is not None:
            await self._refuse(message, await self.languages.author(message), "telegram-crowded")

    async def moved(self, message: Message) -> None:
        """Handles a group that has become a supergroup, with another id. TELEGRAM_ADULT_CHATS has to name the
        new one."""
        old, new = message.chat.id, message.migrate_to_chat_id
        log.warning("telegram.group_upgraded", old=old, new=new, was_adult=is_adult(old, self.core.settings))
        await self.core.move_chat(f"{PREFIX}:chat:{old}", f"{PREFIX}:chat:{new}")

    async def edited(self, message: Message) -> None:
        """Offers to answer an edited question, once until the button is pressed: to answer it unasked would
        cost money. The same for an edited order of a picture, which keeps the words with which it was
        placed."""
        asked = self._read_paid(message)
        if asked is None or not asked.text:
            return
        await self._offer(asked, "telegram-edited")

    async def missed(self, message: Message) -> bool:
        """Offers to answer, or paint, what was asked while the bot was away: once in a chat and day. Returns
        whether the chat has its offer by now."""
        await self.cache.keep_album(message)
        asked = self._read_paid(message)
        if asked is None or not _has_substance(asked):
            return False
        try:
            is_first = await self.core.once(f"{PREFIX}:missed:{message.chat.id}")
        except StoreError:
            return False  # an offer is not worth a second message
        if is_first:
            await self._offer(asked, "telegram-missed")
        return True

    def _read_paid(self, message: Message) -> Asked | None:
        """What a message asks, where that costs money and can be offered; else None."""
        if not self._is_by_person(message) or is_as_channel(message):
            return None
        asked = read(message, self.account.me)
        if asked is None or asked.ref or asked.command not in ("ask", "imagine"):
            return None
        return None if useless(asked) else asked

    async def _may_speak(self, message: Message, who: Person, *, unknown: bool = True) -> bool:
        """Whether the bot may say anything to the author: it says nothing to people who are kept out, not even
        why. Returns `unknown` while the store is away."""
        return await self.core.lets_in(self._turn("", Asked(message, "ask", ""), who), unknown=unknown)

    async def _offer(self, asked: Asked, note: str) -> None:
        message = asked.message
        who = await self.languages.author(message)
        is_in = await self._may_speak(message, who, unknown=False)
        if is_in and await self.cache.begin_offer(message):
            button = f"telegram-now-{asked.command}"
            await self._tell(message, who, Phase.DONE, f"{note}-{asked.command}", button=button)

    def _is_by_person(self, message: Message) -> bool:
        """Whether a person wrote it, or an allowed bot; not a channel that forwards into its group by itself,
        nor somebody who writes to a channel in private: that is not for the bot."""
        user = message.from_user
        if message.is_automatic_forward or message.chat.is_direct_messages:
            return False
        if message.sender_chat is None and user is None:
            return False
        if message.via_bot is not None and message.via_bot.id == self.account.me.id:
            return False
        is_bot = user is not None and user.is_bot and message.sender_chat is None
        return not is_bot or f"{PREFIX}:{user.id if user else 0}" in self.core.settings.allow_bots

    async def _is_answered_by_us(self, asked: Asked, who: Person) -> bool:
        """Whether there is nothing for core to do: then the adapter itself says what the bot needs, or
        nothing."""
        message = asked.message
        if asked.command not in ("ask", "imagine"):
            return False
        if key := useless(asked):
            await self._refuse(message, who, key)
            return True
        if _has_substance(asked):
            return False
        if asked.is_called:  # the menu of commands sends them bare
            await self._ask_for_words(asked, who)
        elif message.effective_attachment is not None or message.forward_origin is not None:
            await self._refuse(message, who, "telegram-no-use")
        return True  # everything else is about the chat itself: somebody joined, a message was pinned

    async def _ask_for_words(self, asked: Asked, who: Person) -> None:
        """Asks for the words of a command that came without. Says that /imagine needs words where it came with
        a picture or a quotation alone."""
        message = asked.message
        if message.from_user is None or not await self._may_speak(message, who):
            return
        is_wordless = message.effective_attachment is not None or has_quote(message)
        remark = "telegram-words-alone" if is_wordless and asked.command != "ask" else ""
        place, user, wish = place_of(message), message.from_user, Pressed(PRESS, asked.command, asked.ref)
        await ask_for_text(self.core, self.account, place, user, who, wish, remark=remark)

    async def _join(self, message: Message, asked: Asked | None, who: Person) -> _Join | None:
        """The method of `core.bursts` that joins the message with what the person sends just before or after;
        None where it is not to be joined."""
        bursts = self.core.bursts
        if asked is not None and asked.command != "ask":
            return None
        if message.media_group_id or (asked is not None and len(words_of(message)) >= _SPLIT_UNITS):
            return bursts.join
        if asked is not None and not asked.text and (message.photo or message.document):
            return bursts.join
        if asked is not None and message.text and message.chat.type == ChatType.PRIVATE:
            return bursts.lead  # a forwarded picture comes right behind what was written with it
        try:
            return bursts.join if await bursts.is_open(place_of(message).room, who.id) else None
        except StoreError:
            return None  # core itself tells the person that the store is away

    async def _joined(self, message: Message, turn: Turn, join: _Join, begun: Begun) -> None:
        """Waits for the other parts, and has core answer the whole where this part is given it."""
        await self.cache.keep_album(message)
        try:
            whole = await join(turn, begun.pass_on)
            begun.also(lambda: self.core.bursts.begun(turn))
        except StoreError:
            whole = turn  # core itself tells the person that the store is away
        if whole is not None and whole.args.get("addressed"):
            whole = await self._with_album(message, whole)
            place = replace(place_of(message), question=int(whole.message))
            await _begin(self.core, whole, TelegramReply(self.account, place), begun)

    async def _with_album(self, message: Message, turn: Turn) -> Turn:
        """The turn with all pictures of the album that it is about. In a group the bot may have received one
        picture only, that of the message which calls it: then it says so, since the person pays for the answer.
        Nothing is said about an album of the bot's own, which it knows."""
        turn, quoted = await self.cache.with_quoted_pictures(message, turn), quoted_message(message)
        seen = turn.attachments if message.media_group_id else ()
        if quoted is not None and quoted.media_group_id and turn.quote is not None:
            seen = () if turn.quote.by_bot else turn.quote.attachments
        if len(seen) == 1 and turn.command == "ask" and not turn.private and await self.core.lets_in(turn):
            await self._tell(message, turn.person, Phase.DONE, "telegram-one-of-album")
        return turn

    async def _with_rights(self, asked: Asked, who: Person) -> Person:
        if who.is_moderator or asked.command in ("ask", "imagine"):  # what everybody may do needs no look
            return who
        is_moderator = await self.account.members.is_moderator(asked.message.chat.id, asked.message.from_user)
        return replace(who, is_moderator=is_moderator)

    async def _reworded(self, asked: Asked, who: Person, begun: Begun) -> None:
        """Runs a button's command with the text that the bot had asked for (see `asking`). Where the reply has
        no text, asks again: else the old prompt would be painted, and paid, once more."""
        if not asked.text:
            await self._ask_for_words(asked, who)
            return
        who, place = await self._with_rights(asked, who), place_of(asked.message)
        wish = Pressed(PRESS, asked.command, asked.ref)
        turn = press_turn(begun.number, wish, who, place, self.core.settings)
        turn = replace(turn, text=asked.text, message=str(asked.message.message_id))
        await run(self.core, turn, TelegramReply(self.account, place), begun)

    async def _refuse(self, message: Message, who: Person, key: str) -> None:
        if await self._may_speak(message, who):
            await self._tell(message, who, Phase.FAILED, key)

    async def _tell(self, message: Message, who: Person, phase: Phase, key: str, *, button: str = "") -> None:
        """Replies with a sentence of the adapter's own, and with a button AGAIN where it has words."""
        locale = await self.core.language_of(who)
        actions = (Action(AGAIN, "", t(locale, button)),) if button else ()
        answer = Answer(phase, note=t(locale, key), actions=actions)
        await self.core.tell(TelegramReply(self.account, place_of(message)), answer, locale=locale)


async def run(core: Core, turn: Turn, reply: TelegramReply | InlineReply, begun: Begun) -> None:
    """Has core run a turn, once what the same person sent before has begun."""
    with suppress(StoreError):  # core itself tells the person that the store is away
        await core.bursts.passed(turn.room, turn.person.id)
    await _begin(core, turn, reply, begun)


async def _begin(core: Core, turn: Turn, reply: TelegramReply | InlineReply, begun: Begun) -> None:
    """Has core run a turn at once, unless this process stalled and another one has taken the update over."""
    if not await begun.is_ours():
        return
    reply.lane.begun = begun
    try:
        await core.run(turn, reply)
    finally:
        await reply.close()


def _has_substance(asked: Asked) -> bool:
    """Whether there is anything to answer: not in a bare command, nor in a service message. Where the bot is
    called, the quoted message counts, too. For a picture only words count."""
    message = asked.message
    if asked.command == "imagine":
        return bool(asked.text or quoted_words(message))
    return bool(asked.text or files_of(message)) or (asked.is_called and has_quote(message))


def useless(asked: Asked) -> str:
    """The key of the sentence that says why a model can make nothing of what is asked; "" where it can."""
    if asked.command != "ask":
        return ""
    if _is_about_recording(asked):
        return "no-recordings"
    return "telegram-no-use" if _is_about_nothing(asked.message) else ""


def _is_about_recording(asked: Asked) -> bool:
    """Whether the question is about a recording, which no model can hear or see. The caption of a forwarded
    recording can be answered."""
    message = asked.message
    if _is_recording(message):
        return not asked.text or message.forward_origin is None
    quoted = quoted_anywhere(message)
    return quoted is not None and _is_recording(quoted) and not (quoted_words(message) or files_of(message))


def _is_about_nothing(message: Message) -> bool:
    """Whether the quoted message has nothing for a model: a game, or a kind that the library does not know. Of
    another chat's it cannot be told."""
    quoted = quoted_message(message)
    if quoted is None:
        return False
    return not (quoted_words(message) or quoted_thing(message) or files_of(quoted) or files_of(message))


def _is_recording(message: Message | ExternalReplyInfo) -> bool:
    is_moving = message.animation is not None and not files_of(message)
    return is_moving or bool(message.voice or message.video_note or message.audio or message.video)
