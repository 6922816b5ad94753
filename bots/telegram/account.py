"""One bot account: its connection, its rate limits, and what is known of its chats."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from telegram import Bot, User

from bots.telegram.calls import GROUP, PRIVATE
from bots.telegram.members import Members
from bots.telegram.places import Place
from core.pace import Pace, PacedLane
from core.turn import FileRef

KeepFiles = Callable[[int, Sequence[int], Sequence[FileRef]], Awaitable[None]]


@dataclass(slots=True)
class Account:
    """What the events and replies of one bot share. `drafts`: answers grow as drafts in private chats; `rich`:
    answers are rich messages, until the server turns out not to know them; `draftless`: chats that take no
    drafts; `working`: how many answers each chat waits for; `keep_files(chat, messages, files)`: caches the
    pictures of an answer of several messages; `members`: who manages a group."""

    bot: Bot
    pace: Pace
    drafts: bool = False
    rich: bool = False
    draftless: set[int] = field(default_factory=set)
    working: Counter[int] = field(default_factory=Counter)
    keep_files: KeepFiles | None = None
    members: Members = field(init=False)

    def __post_init__(self) -> None:
        self.members = Members(self.bot)

    @property
    def me(self) -> User:
        """Who the bot is, once it has logged in."""
        return self.bot.bot

    def lane(self, place: Place) -> PacedLane:
        return self.pace.lane(str(place.chat), windows=GROUP if place.is_group else PRIVATE)

    def wait(self, chat: int, more: int) -> None:
        """Adds `more` (1 or -1) to the number of answers that the chat waits for."""
        self.working[chat] += more
        if not self.working[chat]:
            del self.working[chat]
