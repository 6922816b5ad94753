"""A private chat as its person sees it."""

from dataclasses import dataclass, field
from typing import ClassVar

from bots.telegram.account import Account
from bots.telegram.places import Place, parse_address
from bots.telegram.reply import TelegramReply
from core.answer import Reply
from core.errors import Gone
from tests.standins.telegram import Chat, Message, TelegramStandin


@dataclass
class TelegramScreen:
    """A private chat as its person sees it."""

    longest: ClassVar = 4096
    telegram: TelegramStandin
    account: Account
    chat: Chat
    reply: TelegramReply = field(init=False)

    def __post_init__(self) -> None:
        self.reply = TelegramReply(self.account, Place(self.chat.id))

    async def reopen(self, address: str) -> Reply:
        try:
            found = parse_address(address)
        except ValueError:
            raise Gone from None
        assert not isinstance(found, str)
        return TelegramReply(self.account, *found)

    @property
    def _messages(self) -> list[Message]:
        return self.telegram.messages(self.chat)

    def texts(self) -> list[str]:
        return [message.text for message in self._messages if message.text]

    def buttons(self) -> list[str]:
        return list(self._messages[-1].buttons)

    def choices(self) -> list[str]:
        return [label for message in self._messages for label in message.buttons]

    def pictures(self) -> list[tuple[bytes, bool]]:
        files = self.telegram.world.files
        shown = [message for message in self._messages if "photo" in message.media]
        return [(files[message.media["photo"][-1]["file_id"]].data, message.spoiler) for message in shown]

    def calls(self) -> int:
        return len(self.telegram.calls)

    def slow_down(self, seconds: float) -> None:
        self.telegram.flood("*", max(1, round(seconds)), shuts=False)

    def break_off(self) -> None:
        self.telegram.cut("*", after=False)

    async def delete_last(self) -> None:
        self._messages[-1].deleted = True
