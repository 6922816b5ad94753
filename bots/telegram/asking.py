"""Asks for a text, for buttons that need one. Telegram has no forms: the bot asks in a message, and the person
replies to it.

The asking message itself says what the reply is for, as a link on an invisible character; so it works after any
restart.
"""

from functools import partial
from urllib.parse import parse_qs, urlencode, urlsplit

from telegram import ForceReply, Message, MessageEntity, User

from bots.telegram.account import Account
from bots.telegram.buttons import PRESS, Pressed
from bots.telegram.markup import FORM_HOST, PAGE_SIZE
from bots.telegram.pages import Page
from bots.telegram.places import Place
from bots.telegram.reply import TelegramReply
from core.answer import Answer, Phase
from core.app import Core
from core.bidi import untwisted
from core.pace import Rank
from core.pages import shorten, utf16_length
from core.turn import Person
from core.words import t

_INVISIBLE = "\u2060"  # a word joiner: takes no room
ASKING = ("ask", "imagine", "vary")


class _Question(TelegramReply):
    """A message of its own that asks for a text, whatever answer it is told to show."""

    def __init__(self, account: Account, place: Place, page: Page, form: ForceReply) -> None:
        super().__init__(account, place)
        self._page, self._form = page, form

    async def _show(self, answer: Answer) -> None:
        async with self.lane.call(Rank.FINAL):
            await self._sent(partial(self._chat.send, self._page, self._form), is_final=False)


async def ask_for_text(
    core: Core,
    account: Account,
    place: Place,
    user: User,
    who: Person,
    pressed: Pressed,
    *,
    before: str = "",
    remark: str = "",
) -> None:
    """Asks one person, mentioned by name, so that in a group only they see the reply form. `before` is the text
    that the new one replaces, of which as much as fits can be copied with a tap; `remark` is the word key of
    what else there is to say."""
    locale, name = await core.language_of(who), untwisted(who.name).strip() or str(user.id)
    text = _INVISIBLE + t(locale, f"telegram-asks-{pressed.command}", name=name)
    link = f"https://{FORM_HOST}/?{urlencode({'command': pressed.command, 'ref': pressed.ref})}"
    entities = [
        MessageEntity(MessageEntity.TEXT_LINK, 0, 1, url=link),
        MessageEntity(
            MessageEntity.TEXT_MENTION, utf16_length(text[: text.index(name, 1)]), utf16_length(name), user=user
        ),
    ]
    if remark:
        text = f"{text} {t(locale, remark)}"
    if before:
        text = f"{text} {t(locale, 'telegram-asks-before')}\n"
        before = shorten(before, PAGE_SIZE - utf16_length(text))
        entities.append(MessageEntity(MessageEntity.CODE, utf16_length(text), utf16_length(before)))
        text += before
    form = ForceReply(selective=True, input_field_placeholder=t(locale, "telegram-asks-placeholder")[:64])
    page = Page(text, tuple(entity.to_dict() for entity in entities))
    await core.tell(_Question(account, place, page, form), Answer(Phase.DONE), locale=locale)


def wish_of(message: Message | None) -> Pressed | None:
    """What the reply to a message is for; None where the message does not ask for a text. It does if it is a
    bot's and names one of the commands in ASKING: anybody can make a bot write a link, so a link alone is not
    enough."""
    first = message.entities[0] if message is not None and message.entities else None
    if message is None or first is None or not (message.text or "").startswith(_INVISIBLE):
        return None
    link, is_bots = urlsplit(first.url or ""), message.from_user is not None and message.from_user.is_bot
    if not is_bots or (first.offset, first.length, link.hostname) != (0, 1, FORM_HOST):
        return None
    wanted = {name: values[0] for name, values in parse_qs(link.query).items()}
    if wanted.get("command") not in ASKING:
        return None
    return Pressed(PRESS, wanted["command"], wanted.get("ref", ""))
