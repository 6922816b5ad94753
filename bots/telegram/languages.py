"""The language of a group, for those who write in its name.

Telegram tells the language of people only: whoever writes in a group's name gets answers in the language of the
last person who asked something there under their own name.
"""

from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace

from telegram import Message

from bots.telegram.places import PREFIX
from bots.telegram.turn import person_of
from core.app import Core
from core.errors import StoreError
from core.turn import Person

_KEPT_S = 400 * 86_400
_MOST = 10_000  # groups in memory; the store knows them all


class Languages:
    """Languages of groups, in the store and, as far as this process has seen them, in memory."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._heard: OrderedDict[int, str] = OrderedDict()

    async def author(self, message: Message) -> Person:
        """The author of a message, with the language for answers unless they chose another one."""
        who = person_of(message)
        return who if message.sender_chat is None else replace(who, locale=await self._of(message.chat.id))

    async def hear(self, message: Message) -> None:
        """Notes the language of the author of a message."""
        user, chat = message.from_user, message.chat.id
        if chat > 0 or message.sender_chat is not None or user is None or not user.language_code:
            return
        if self._heard.get(chat) != user.language_code:
            self._heard[chat] = user.language_code
            if len(self._heard) > _MOST:
                self._heard.popitem(last=False)
            with suppress(StoreError):
                await self._core.kept.keep(user.language_code, _name(chat), _KEPT_S)

    async def _of(self, chat: int) -> str:
        try:
            return await self._core.kept.find(_name(chat)) or "en"
        except StoreError:
            return self._heard.get(chat, "en")


def _name(chat: int) -> str:
    return f"{PREFIX}:language:{chat}"
