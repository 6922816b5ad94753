"""Who may manage a group, cached for a few minutes: asking costs a call."""

import time
from collections import OrderedDict

from telegram import Bot, ChatMember, User

from bots.telegram.calls import Declined, call
from bots.telegram.places import Place
from core.errors import DeliveryError, Gone

MAX_AGE_S = 300.0
_MOST = 10_000


class Members:
    """The moderators of groups, as Telegram tells them."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: OrderedDict[tuple[int, int], tuple[float, bool]] = OrderedDict()

    async def is_moderator(self, chat: int, user: User | None) -> bool:
        """False in private chats, and where Telegram does not say."""
        if user is None or not Place(chat).is_group:
            return False
        key, now = (chat, user.id), time.monotonic()
        if (known := self._known.get(key)) and known[0] > now - MAX_AGE_S:
            return known[1]
        try:
            answer = await self._is_admin(chat, user.id)
        except DeliveryError:
            return False
        self._known[key] = (now, answer)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return answer

    async def _is_admin(self, chat: int, user: int) -> bool:
        """Asks Telegram. Where a group hides its members, a bot that is no admin can only ask for the
        admins."""
        try:
            member = await call(self._bot, "getChatMember", chat_id=chat, user_id=user)
        except (Declined, Gone):
            admins = await call(self._bot, "getChatAdministrators", chat_id=chat)
            return user in {admin["user"]["id"] for admin in admins}
        return member["status"] in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
