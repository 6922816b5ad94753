"""Makes Turns of Telegram's messages and presses: who asks, where, and what."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ExternalReplyInfo,
    Message,
    MessageEntity,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    User,
)

from bots.telegram.asking import wish_of
from bots.telegram.buttons import Pressed
from bots.telegram.defaults import marks_of
from bots.telegram.files import attachments_of
from bots.telegram.places import PREFIX, Place
from bots.telegram.rich import rich_words
from core.commands import BY_NAME, read_typed
from core.settings import Settings
from core.turn import Person, Quote, Turn, Value

_ALIASES = {"/start": "help", "/admin": "admin status"}  # of what no command has


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks the bot to do: a command, and its text. `is_called`: the bot was called by a command
    or by its name, or had asked for the text. `ref` names the answer or order that the text is to change."""

    message: Message
    command: str
    text: str
    is_called: bool = False
    ref: str = ""


def place_of(message: Message) -> Place:
    """The place of replies to a message: in its topic, if it has one."""
    thread = message.message_thread_id if message.is_topic_message else 0
    return Place(message.chat.id, thread or 0, message.message_id)


def read(message: Message, me: User) -> Asked | None:
    """What a message asks; None where it is not for the bot. A command counts as such even where the bot had
    asked for a text."""
    command = _command(message, me)
    if command is not None:
        return command if command.command else None
    words, is_mentioned = _without_mention(message, me)
    if is_mentioned and (command := _command_after_mention(words, message, me)) is not None:
        return command
    wish, form = wish_of(message.reply_to_message), message.reply_to_message
    if wish is not None and form is not None and _is_by(form, me):
        return Asked(message, wish.command, words, is_called=True, ref=wish.ref)
    quoted = quoted_message(message)
    is_answer = quoted is not None and _is_by(quoted, me) and not _is_reaction(message)
    if message.chat.type == Chat.PRIVATE or is_mentioned or is_answer:
        return Asked(message, "ask", words, is_called=is_mentioned)
    return None


def _command(message: Message, me: User) -> Asked | None:
    """The command with which a message begins, None where there is none. For another bot's the `command` is
    ""."""
    text, entities = _words(message)
    first = next((one for one in entities if one.type == MessageEntity.BOT_COMMAND and one.offset == 0), None)
    return None if first is None else _parse(text[: first.length], text[first.length :], message, me)


def _command_after_mention(words: str, message: Message, me: User) -> Asked | None:
    """A known command behind the bot's name."""
    if not words.startswith("/"):
        return None
    command, *rest = words.split(maxsplit=1)
    asked = _parse(command, "".join(rest), message, me)
    return asked if asked.command in BY_NAME else None


def _parse(called: str, rest: str, message: Message, me: User) -> Asked:
    """`called` as it was typed, such as "/ask" or "/ask@bot"."""
    name, _, whose = called[1:].partition("@")
    is_ours = whose.lower() == (me.username or "").lower()
    if whose and not is_ours:
        return Asked(message, "", "")
    command, words = read_typed(name, rest)
    command = _ALIASES.get(command, command)
    if command not in BY_NAME and not is_ours and message.chat.type != Chat.PRIVATE:
        return Asked(message, "", "")  # some other bot's, or nobody's
    return Asked(message, command, words, is_called=True)


def words_of(message: Message) -> str:
    """The text of a message, or its caption, checklist or rich message (which the library does not know
    yet)."""
    rich = message.api_kwargs.get("rich_message")
    return _tasks(message) or message.text or message.caption or rich_words(rich)


def _tasks(message: Message | ExternalReplyInfo) -> str:
    """The checklist of a message."""
    found = message.checklist
    return _listed(found.title, (task.text for task in found.tasks)) if found else ""


def _options(message: Message | ExternalReplyInfo) -> str:
    """The poll of a message."""
    found = message.poll
    return _listed(found.question, (option.text for option in found.options)) if found else ""


def _listed(title: str, lines: Iterable[str]) -> str:
    return "\n".join((title, *(f"- {line}" for line in lines)))


def _words(message: Message) -> tuple[str, tuple[MessageEntity, ...]]:
    if message.text is not None:
        return message.text, tuple(message.entities)
    words = words_of(message)
    if message.caption is not None:
        return words, tuple(message.caption_entities)
    return words, MessageEntity.de_list(marks_of(words), None)  # there are none with a checklist, or rich text


def _without_mention(message: Message, me: User) -> tuple[str, bool]:
    """The words without the bot's own name, and whether it was called."""
    text, entities = _words(message)
    raw, is_called = text.encode("utf-16-le"), False
    for entity in reversed(entities):
        begin, end = entity.offset * 2, (entity.offset + entity.length) * 2
        named = raw[begin:end].decode("utf-16-le", "replace").lower() == f"@{me.username}".lower()
        if (entity.type == MessageEntity.MENTION and named) or (
            entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me.id
        ):
            raw, is_called = raw[:begin] + raw[end:], True
    return raw.decode("utf-16-le", "replace").strip(), is_called


def _is_reaction(message: Message) -> bool:
    """Whether it asks nothing by itself: a sticker, a GIF, a location, a throw of dice, a thumb. Words ask
    with a letter, a digit, or a question mark of any script."""
    words = words_of(message)
    is_asking = any(char.isalnum() or "QUESTION MARK" in unicodedata.name(char, "") for char in words)
    is_gif = message.animation is not None  # it is sent as a document as well
    is_file = bool(message.photo or (message.document and not is_gif) or message.video)
    is_said = bool(message.voice or message.audio or message.video_note)
    return not (is_asking or is_file or is_said)


def _is_by(message: Message, me: User) -> bool:
    return message.from_user is not None and message.from_user.id == me.id


def quoted_message(message: Message) -> Message | None:
    """The message to which this one replies. Not the one that opened its topic, to which every message in a
    topic "replies", nor that of its thread where it replies to another chat; nor a message in which the bot
    asks for a text."""
    quoted = message.reply_to_message
    if quoted is None or message.external_reply is not None:
        return None
    if quoted.forum_topic_created or wish_of(quoted) is not None:
        return None
    is_opening = message.is_topic_message and quoted.message_id == message.message_thread_id
    return None if is_opening else quoted


def quoted_anywhere(message: Message) -> Message | ExternalReplyInfo | None:
    """The message to which this one replies; of one in another chat Telegram sends little."""
    return message.external_reply or quoted_message(message)


def quoted_words(message: Message) -> str:
    """The quoted text: all of the quoted message, or its poll, or the part that the person marked."""
    marked, quoted = message.quote, quoted_anywhere(message)
    if marked is not None and (marked.is_manual or not isinstance(quoted, Message)):
        return marked.text
    if quoted is None:
        return ""
    return _options(quoted) or (words_of(quoted) if isinstance(quoted, Message) else _tasks(quoted))


def quoted_thing(message: Message) -> str:
    """The quoted location, sticker or throw of dice in words, "" where there is none."""
    quoted = quoted_anywhere(message)
    if quoted is None:
        return ""
    if quoted.venue is not None:
        return f"{quoted.venue.title}, {quoted.venue.address}"
    if quoted.location is not None:
        return f"{quoted.location.latitude}, {quoted.location.longitude}"
    if quoted.dice is not None:
        return f"{quoted.dice.emoji} {quoted.dice.value}"
    return quoted.sticker.emoji or "" if quoted.sticker is not None else ""


def has_quote(message: Message) -> bool:
    """Whether it quotes a message, of this chat or of another."""
    return quoted_anywhere(message) is not None or message.quote is not None


def person_of(message: Message) -> Person:
    """The author. Anonymous administrators and channels write as the chat for which they stand."""
    chat, user = message.sender_chat, message.from_user
    if chat is not None:
        name = chat.title or chat.username or str(chat.id)
        return Person(f"{PREFIX}:{chat.id}", name, is_moderator=not is_as_channel(message))
    assert user is not None  # only channels' posts have neither
    return person(user)


def is_as_channel(message: Message) -> bool:
    """Whether a person writes as a channel of theirs: then they could not be told apart when they press a
    button, or are denied. Those who write as the group itself are its admins."""
    return message.sender_chat is not None and message.sender_chat.id != message.chat.id


def person(user: User) -> Person:
    return Person(f"{PREFIX}:{user.id}", _name(user), user.language_code or "en")


def _name(user: User) -> str:
    """Deleted accounts have none: where Telegram gives "", the library gives None."""
    return user.full_name or ""


def message_turn(number: str, asked: Asked, who: Person, bot: Bot, settings: Settings) -> Turn:
    """The Turn of a written message. `number` is Telegram's id of the update."""
    message = asked.message
    return replace(
        _turn(number, asked.command, who, place_of(message), settings),
        text=asked.text,
        attachments=attachments_of(bot, message),
        quote=_quote(message, bot, is_asked=asked.command == "ask"),
        message=str(message.message_id),
    )


def press_turn(number: str, pressed: Pressed, who: Person, place: Place, settings: Settings) -> Turn:
    """The Turn of a pressed button."""
    args: dict[str, Value] = {"ref": pressed.ref} if pressed.ref else {}
    if pressed.value:
        args["value"] = pressed.value
    return replace(_turn(number, pressed.command, who, place, settings), args=args)


def _turn(number: str, command: str, who: Person, place: Place, settings: Settings) -> Turn:
    """A Turn with the command alone: who gave it, and where."""
    return Turn(
        id=f"{PREFIX}:{number}",
        command=command,
        person=who,
        chat=f"{PREFIX}:chat:{place.chat}",
        room=place.room,
        labels=labels(who, place.chat),
        shared=not place.is_group or bool(place.thread),
        private=not place.is_group,
        alone=not place.is_group,
        adult=is_adult(place.chat, settings),
    )


def pressed_place(query: CallbackQuery) -> Place | None:
    """The place of a pressed button: replies answer its message. None for an inline message."""
    return place_of(query.message) if isinstance(query.message, Message) else None


def is_adult(chat: int, settings: Settings) -> bool:
    return str(chat) in settings.telegram_adult_chats


def labels(who: Person, chat: int | None) -> frozenset[str]:
    """Every name that ALLOW and DENY may know a request by."""
    number = who.id.partition(":")[2]
    own = {who.id, f"{PREFIX}:user:{number}"}
    return frozenset(own if chat is None else {*own, f"{PREFIX}:chat:{chat}"})


def _quote(message: Message, bot: Bot, *, is_asked: bool) -> Quote | None:
    quoted = quoted_message(message)
    if quoted is None:
        return _quote_from_elsewhere(message, is_asked=is_asked)
    is_part = message.quote is not None and bool(message.quote.is_manual)
    user = None if quoted.sender_chat else quoted.from_user
    author = quoted.sender_chat.title if quoted.sender_chat else user and _name(user)
    return Quote(
        message=str(quoted.message_id),
        author=author or "",
        text=quoted_words(message) or (quoted_thing(message) if is_asked else ""),
        by_bot=quoted.from_user is not None and quoted.from_user.id == bot.id,
        attachments=attachments_of(bot, quoted),
        is_part=is_part,
        person=person(user).id if user and not user.is_bot else "",
    )


def _quote_from_elsewhere(message: Message, *, is_asked: bool) -> Quote | None:
    """A quote of a message in another chat: its files count as the message's own."""
    text = quoted_words(message) or (quoted_thing(message) if is_asked else "")
    if message.external_reply is None or not text:
        return None
    return Quote(message="", author=_author(message.external_reply.origin), text=text, is_part=True)


def _author(origin: MessageOrigin) -> str:
    match origin:
        case MessageOriginUser():
            return _name(origin.sender_user)
        case MessageOriginHiddenUser():
            return origin.sender_user_name
        case MessageOriginChat():
            return origin.sender_chat.title or ""
        case MessageOriginChannel():
            return origin.chat.title or ""
    return ""
