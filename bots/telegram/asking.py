"""Buttons that first ask for a text. Telegram has no forms: the bot asks, and the person replies.

What the reply is for stands in the asking message itself, as a link on an invisible sign that only the
bot can write; so it works after any restart.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

from telegram import ForceReply, Message, MessageEntity, User

from bots.telegram.buttons import PRESS, Pressed
from bots.telegram.chat import Chat
from bots.telegram.pages import Page, measure
from bots.telegram.places import Place
from bots.telegram.reply import Account
from bots.telegram.telling import tell
from core.bidi import untwisted
from core.words import t

_HOST = "minitool.invalid"  # never resolved: .invalid is reserved for that
_SIGN = "\u2060"  # a word joiner: takes no room


async def ask_for_text(
    account: Account, place: Place, user: User, locale: str, pressed: Pressed, before: str = ""
) -> None:
    """Asks one person, by name, so that in a group only they see the reply form. `before` is the text
    that the new one is for, to be copied with a tap."""
    name = untwisted(user.full_name).strip() or str(user.id)
    text = _SIGN + t(locale, f"telegram-asks-{pressed.command}", name=name)
    link = f"https://{_HOST}/?{urlencode({'command': pressed.command, 'ref': pressed.ref})}"
    entities = [
        MessageEntity(MessageEntity.TEXT_LINK, 0, 1, url=link),
        MessageEntity(
            MessageEntity.TEXT_MENTION, measure(text[: text.index(name, 1)]), measure(name), user=user
        ),
    ]
    if before:
        text = f"{text} {t(locale, 'telegram-asks-before')}"
        entities.append(MessageEntity(MessageEntity.CODE, measure(text) + 1, measure(before)))
        text = f"{text}\n{before}"
    form = ForceReply(selective=True, input_field_placeholder=t(locale, "telegram-asks-placeholder")[:64])
    page, lane = Page(text, tuple(entity.to_dict() for entity in entities)), account.lane(place)

    async def ask() -> None:
        with lane.call():
            await Chat(account.bot, place).send(page, form)

    await tell(lane, ask)


def asked_by(message: Message, me: User) -> Pressed | None:
    """What the message's text is for, if it replies to such a question."""
    question = message.reply_to_message
    if question is None or question.from_user is None or question.from_user.id != me.id:
        return None
    for entity in question.entities:
        link = urlsplit(entity.url or "")
        if entity.type == MessageEntity.TEXT_LINK and link.hostname == _HOST:
            wanted = {name: values[0] for name, values in parse_qs(link.query).items()}
            return Pressed(PRESS, wanted.get("command", ""), wanted.get("ref", ""))
    return None
