"""Updates of Telegram in, Turns for core out. What is not for the bot is passed over without a trace."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, InlineQuery, Message, Update, User

from bots.telegram import inline
from bots.telegram.asking import ask_for_text, asked_by
from bots.telegram.buttons import ASK, PICK, PRESS, Pressed, read_data
from bots.telegram.files import Named, attach
from bots.telegram.members import Members
from bots.telegram.order import Order
from bots.telegram.places import PREFIX, Place, parse_address
from bots.telegram.press import Press, PressReply, QuietReply
from bots.telegram.reply import Account, TelegramReply
from bots.telegram.turn import (
    Asked,
    labels,
    message_turn,
    person,
    person_of,
    place_of,
    press_turn,
    pressed_place,
    read,
)
from core.answer import Action, Answer, Phase, Reply
from core.app import Core
from core.errors import DeliveryError, Gone, StoreError
from core.pace import Rank
from core.settings import Settings
from core.turn import Attachment, Person, Turn
from core.words import t

log = structlog.get_logger(__name__)

Json = Mapping[str, Any]  # an update as Telegram sends it
OLD_S = 600.0  # what waited longer than this while the bot was away is not answered
SPLIT_UNITS = 3500  # clients split long texts at 4096, at a line's end where there is one
EDITED = "edited"  # the one button that is not core's: an edited question may be answered again
EDITS = 1000
PAID = frozenset({"regenerate", "continue", "again", "vary", "shape", "try again"})
KINDS = ("message", "edited_message", "callback_query", "inline_query", "stopped_message_generation")


class Events:
    """Handles the updates of one bot."""

    def __init__(self, core: Core, settings: Settings, account: Account, me: User) -> None:
        self._core = core
        self._settings = settings
        self._account = account
        self._bot: Bot = account.bot
        self._me = me
        self._members = Members(account.bot)
        self._offered: OrderedDict[tuple[int, int], None] = OrderedDict()
        self._bursts: dict[tuple[str, str], int] = {}  # rooms and people whose parts are being joined
        self.order = Order()
        self.is_backlog: Callable[[], bool] = lambda: False
        self.taken_at = time.time()

    async def take(self, raw: Json) -> None:
        """One update. Returns when it has begun (see `order`); never raises."""
        self.taken_at = time.time()
        kind = next((kind for kind in KINDS if kind in raw), "")
        if not kind or _age(raw[kind]) > OLD_S:
            return
        chat = _chat_of(raw[kind])

        async def work(begun: asyncio.Event) -> None:
            await self._handle(raw, kind, begun)

        await self.order.take(chat, work)

    async def reopen(self, address: str) -> Reply:
        """Raises Gone."""
        try:
            found = parse_address(address)
        except ValueError:
            raise Gone(cause="no address of this platform") from None
        if isinstance(found, str):
            return inline.InlineReply(self._account, found)
        return TelegramReply(self._account, *found)

    def attach(self, file: Named) -> Attachment:
        """A file that another process of this bot received."""
        return attach(self._bot, file.name, file.media_type, file.size, file.token)

    async def _handle(self, raw: Json, kind: str, begun: asyncio.Event) -> None:
        structlog.contextvars.bind_contextvars(request=f"{PREFIX}:{raw['update_id']}")  # of this task
        if not await self._is_new(int(raw["update_id"])):
            return
        if kind == "stopped_message_generation":
            await self._stopped(raw[kind], int(raw["update_id"]))
            return
        try:
            update = Update.de_json(dict(raw), self._bot)
        except Exception as error:  # a shape that this version of the library does not know
            log.warning("telegram.update_unreadable", kind=kind, error=type(error).__name__)
            return
        if update.message is not None:
            await self._message(update.update_id, update.message, begun)
        elif update.edited_message is not None:
            await self._edited(update.edited_message)
        elif update.callback_query is not None:
            await self._pressed(update.update_id, update.callback_query, begun)
        elif update.inline_query is not None:
            await self._typed(update.inline_query)

    async def _is_new(self, update_id: int) -> bool:
        try:
            return await self._core.once(f"{PREFIX}:update:{update_id}")
        except StoreError:
            return True  # core itself tells the person that the store is away

    # --- messages ------------------------------------------------------------

    async def _message(self, update_id: int, message: Message, begun: asyncio.Event) -> None:
        if not self._is_for_people(message):
            return
        who = person_of(message)
        if (wish := asked_by(message, self._me)) is not None:
            await self._reworded(update_id, message, wish, begun)
            return
        asked = read(message, self._me)
        if asked is not None and _is_recording(message) and not asked.text:
            await self._tell(message, t(who.locale, "telegram-no-voice"), Phase.FAILED)
            return
        is_part = self._is_part(message, asked, who)
        if asked is None and not is_part:
            return
        who = replace(who, is_moderator=await self._is_moderator(message, who, asked))
        wanted = asked or Asked("ask", _words(message))
        turn = message_turn(update_id, message, wanted, who, bot=self._bot, settings=self._settings)
        if is_part and wanted.command == "ask":
            begun.set()  # its parts are in the store now; waiting for more must hold up nobody
            whole = await self._join(replace(turn, args={"addressed": True} if asked else {}))
            if whole is None or not whole.args.get("addressed"):
                return
            turn = whole
        place = replace(place_of(message), question=int(turn.message))
        await self._run(turn, TelegramReply(self._account, place), begun)

    def _is_for_people(self, message: Message) -> bool:
        """Other bots are not answered, nor what a channel forwards into its group by itself."""
        user = message.from_user
        if message.is_automatic_forward or (message.sender_chat is None and user is None):
            return False
        if message.via_bot is not None and message.via_bot.id == self._me.id:
            return False
        is_bot = user is not None and user.is_bot and message.sender_chat is None
        return not is_bot or f"{PREFIX}:{user.id if user else 0}" in self._settings.allow_bots

    def _is_part(self, message: Message, asked: Asked | None, who: Person) -> bool:
        """Whether more of the same may follow, or this may belong to what came a moment ago."""
        if message.media_group_id or (asked is not None and len(_words(message)) >= SPLIT_UNITS):
            return True
        if asked is not None and not asked.text and (message.photo or message.document):
            return True
        return bool(self._bursts.get((place_of(message).room, who.id))) and (
            asked is None or asked.command == "ask"
        )

    async def _join(self, turn: Turn) -> Turn | None:
        key = (turn.room, turn.person.id)
        self._bursts[key] = self._bursts.get(key, 0) + 1
        try:
            return await self._core.bursts.join(turn)
        except StoreError:
            return turn  # core itself tells the person that the store is away
        finally:
            self._bursts[key] -= 1
            if not self._bursts[key]:
                del self._bursts[key]

    async def _is_moderator(self, message: Message, who: Person, asked: Asked | None) -> bool:
        if who.is_moderator or asked is None or asked.command in ("ask", "imagine"):
            return who.is_moderator  # what everybody may do needs no look
        return await self._members.is_moderator(message.chat.id, message.from_user)

    async def _reworded(self, update_id: int, message: Message, wish: Pressed, begun: asyncio.Event) -> None:
        """The answer to "reply with the new text": the button's command, with that text."""
        place, who = place_of(message), person_of(message)
        turn = press_turn(f"{PREFIX}:{update_id}", wish, who, place, self._settings)
        turn = replace(turn, text=_words(message).strip(), message=str(message.message_id))
        await self._run(turn, TelegramReply(self._account, place), begun)

    async def _edited(self, message: Message) -> None:
        """An edited question is not answered again unasked: that would cost. It is offered, once."""
        asked = read(message, self._me)
        key = (message.chat.id, message.message_id)
        if asked is None or asked.command != "ask" or not asked.text or not self._is_for_people(message):
            return
        if key in self._offered:
            return
        self._offered[key] = None
        if len(self._offered) > EDITS:
            self._offered.popitem(last=False)
        locale = person_of(message).locale
        again = Action(EDITED, "", t(locale, "telegram-edited-button"))
        await self._tell(message, t(locale, "telegram-edited"), Phase.DONE, again)

    async def _tell(self, message: Message, note: str, phase: Phase, *actions: Action) -> None:
        reply = TelegramReply(self._account, place_of(message))
        await reply.lane.enter(Rank.FINAL)
        try:
            await reply.show(Answer(phase, note=note, actions=actions))
        except DeliveryError as error:
            log.info("telegram.not_told", reason=error.message_key, cause=error.cause)

    # --- buttons -------------------------------------------------------------

    async def _pressed(self, update_id: int, query: CallbackQuery, begun: asyncio.Event) -> None:
        press = Press(self._bot, query.id)
        pressed = read_data(query.data or "")
        who = person(query.from_user)
        place = pressed_place(query)
        if pressed is None or (place is None and query.inline_message_id is None):
            await press.answer(t(who.locale, "telegram-old-button") if pressed else "")
            return
        if self.is_backlog() and pressed.command in PAID and not await press.answer():
            return  # pressed so long ago that nobody waits for it any more
        if place is None:
            await self._pressed_inline(update_id, query, pressed, press, begun)
            return
        if pressed.kind == ASK:
            await ask_for_text(self._account, place, query.from_user, pressed)
            await press.answer()
            return
        if pressed.command == EDITED:
            await self._again(update_id, query, press, begun)
            return
        who = replace(who, is_moderator=await self._members.is_moderator(place.chat, query.from_user))
        turn = press_turn(f"{PREFIX}:{update_id}", pressed, who, place, self._settings)
        reply = PressReply(self._account, place, press, is_picker=pressed.kind == PICK)
        await self._run(turn, reply, begun)
        await press.answer()

    async def _again(self, update_id: int, query: CallbackQuery, press: Press, begun: asyncio.Event) -> None:
        """An edited question, answered where the offer stood. Telegram sends along what it says now."""
        offer = query.message
        question = offer.reply_to_message if isinstance(offer, Message) else None
        asked = read(question, self._me) if question is not None else None
        is_theirs = question is not None and question.from_user == query.from_user
        if offer is None or question is None or asked is None or not is_theirs:
            key = "not-found" if is_theirs or question is None else "not-yours"
            await press.answer(t(query.from_user.language_code or "en", key))
            return
        who = person(query.from_user)
        turn = message_turn(update_id, question, asked, who, bot=self._bot, settings=self._settings)
        place = place_of(question)
        await press.answer()
        await self._run(turn, TelegramReply(self._account, place, (offer.message_id,)), begun)

    async def _stopped(self, stopped: Json, update_id: int) -> None:
        """The Stop button that Telegram draws under a draft. Drafts exist in private chats only."""
        chat = int(stopped["chat"]["id"])
        who = Person(f"{PREFIX}:{chat}", str(stopped["chat"].get("first_name", "")))
        place = Place(chat, int(stopped.get("message_thread_id") or 0))
        turn = press_turn(f"{PREFIX}:{update_id}", Pressed(PRESS, "stop"), who, place, self._settings)
        await self._core.run(turn, QuietReply(self._account, place))

    # --- inline mode ---------------------------------------------------------

    async def _typed(self, query: InlineQuery) -> None:
        question = query.query.strip()
        ref = ""
        if question:
            try:
                ref = await self._core.kept.keep(question)
            except StoreError:
                return
        await inline.offer(self._bot, query, question, ref)

    async def _pressed_inline(
        self, update_id: int, query: CallbackQuery, pressed: Pressed, press: Press, begun: asyncio.Event
    ) -> None:
        """Who presses is checked and pays; the chat is unknown, so their own private chat stands for it."""
        who, inline_id = person(query.from_user), str(query.inline_message_id)
        turn = press_turn(f"{PREFIX}:{update_id}", pressed, who, Place(query.from_user.id), self._settings)
        turn = replace(
            turn, room=f"{PREFIX}:{inline.ROOM}:{inline_id}", labels=labels(who, None), private=False
        )
        if pressed.command == inline.ANSWER:
            question = await self._core.kept.find(pressed.ref)
            if question is None:
                await press.answer(t(who.locale, "telegram-inline-lost"), alert=True)
                return
            turn = replace(turn, command="ask", text=question, args={})
        reply = inline.InlinePressReply(self._account, inline_id, press)
        await self._run(turn, reply, begun)
        await press.answer()

    async def _run(self, turn: Turn, reply: "TelegramReply | inline.InlineReply", begun: asyncio.Event) -> None:
        reply.begins(begun)
        try:
            await self._core.run(turn, reply)
        finally:
            await reply.close()


def _chat_of(body: Json) -> str:
    """What is kept in order: a chat's updates, a person's typing."""
    chat = body.get("chat") or (body.get("message") or {}).get("chat") or body.get("from") or {}
    return str(chat.get("id", ""))


def _age(body: Json) -> float:
    """Seconds since it was written or edited; 0 for what has no date, as presses have none."""
    date = body.get("edit_date") or body.get("date")
    return time.time() - date if isinstance(date, int) else 0.0


def _words(message: Message) -> str:
    return message.text or message.caption or ""


def _is_recording(message: Message) -> bool:
    return bool(message.voice or message.video_note or message.audio or message.video)
