"""Where a reply stands, and its address, by which any process finds it again."""

from dataclasses import dataclass, replace
from typing import Self

PREFIX = "telegram"
INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, its topic (0 = none) and the message that is answered (0 = none)."""

    chat: int
    thread: int = 0
    question: int = 0

    @property
    def is_group(self) -> bool:
        """By Telegram's numbering: people have positive ids, everything else negative ones."""
        return self.chat < 0

    @property
    def room(self) -> str:
        return f"{PREFIX}:{self.chat}:{self.thread}" if self.thread else f"{PREFIX}:{self.chat}"

    def address(self, messages: tuple[int, ...]) -> str:
        posted = ",".join(map(str, messages))
        return f"{PREFIX}:{self.chat}:{self.thread}:{self.question}:{posted}"

    def moved(self, chat: int) -> Self:
        """The place in the supergroup that a group has become; message and topic ids do not hold there."""
        return replace(self, chat=chat, thread=0, question=0)


def inline_address(inline_id: str) -> str:
    return f"{PREFIX}:{INLINE}:{inline_id}"


def parse_address(address: str) -> tuple[Place, tuple[int, ...]] | str:
    """A place and the messages there, or the id of an inline message. A person's name is the address of
    the private chat with them. Raises ValueError."""
    prefix, _, rest = address.partition(":")
    if prefix != PREFIX:
        raise ValueError("not an address of this platform")
    if rest.startswith(f"{INLINE}:"):
        return rest.removeprefix(f"{INLINE}:")
    chat, thread, question, posted = rest.split(":") if ":" in rest else (rest, "0", "0", "")
    messages = tuple(int(number) for number in posted.split(",") if number)
    return Place(int(chat), int(thread), int(question)), messages
