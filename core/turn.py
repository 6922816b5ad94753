"""One request as core sees it: who asks, where, and what. Frozen, and free of platform types.

Lone surrogates in what strangers wrote are mended when a Turn is made, and text without a visible character is
taken for "".
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from unicodedata import category

from core.surrogates import mended

Value: TypeAlias = str | int | float | bool

_UNSEEN = frozenset({"Cc", "Cf"})  # controls and formats: no-width spaces, joiners, marks of direction, tags
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # blank, but letters and symbols by their category


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. `id` is `platform:ID` (or `web:SESSION`, `terminal:LOGIN`), the name in ledger and caps."""

    id: str
    name: str  # display name as the chat shows it; a stranger wrote it, so it is data
    locale: str = "en"  # BCP 47: the person's own choice, else as the platform tells it
    is_moderator: bool = False  # may manage this chat, by the platform's own rules
    speaks: str = ""  # BCP 47: what their own app speaks, where the platform tells it with some requests only
    platform_locale: str = ""  # BCP 47: what the platform tells, now or before, whatever the person chose

    def __post_init__(self) -> None:
        _mend(self, "name")


@dataclass(frozen=True, slots=True)
class FileRef:
    """An Attachment as it travels between processes: all of it but `read`."""

    name: str
    media_type: str
    size: int
    token: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file somebody posted. `read(limit)` fetches it, at most `limit` bytes, else raises BadInput
    ("attachment-too-big", mib=...); BadInput("attachment-gone") where the platform no longer has it. The
    platform's own address of the file stays inside `read`: it may carry a credential."""

    name: str
    media_type: str  # as claimed; never trusted
    size: int  # bytes as claimed, 0 where unknown
    read: Callable[[int], Awaitable[bytes]] = field(repr=False, compare=False)
    token: str = ""  # the adapter's name of the file in any process; never an address or a credential

    def __post_init__(self) -> None:
        _mend(self, "name", "media_type")


@dataclass(frozen=True, slots=True)
class Quote:
    """A message of somebody (or of the bot) that the question points at."""

    message: str  # the platform's id of that message within the room
    author: str  # display name; data
    text: str
    by_bot: bool = False  # our own: the conversation branches there
    attachments: tuple[Attachment, ...] = ()
    is_part: bool = False  # `text` is only the part of the message that the person marked
    person: str = ""  # the author's `Person.id`; "" where that is nobody, or not known

    def __post_init__(self) -> None:
        _mend(self, "author", "text")


@dataclass(frozen=True, slots=True)
class Turn:
    """One command, button press or message, whatever the platform.

    `command` is a name from `core.commands`, `args` its options by name, as they were typed or picked. `id` is
    the platform's own id of the request (unique per platform, prefixed with it), and the request id of every
    ledger line. That one which is delivered twice is run once is up to the adapter: `Core.once`, `Core.inbox`.
    """

    id: str
    command: str
    person: Person
    chat: str  # who pays besides the person, and whose rules hold: "platform:guild:1", "platform:chat:2"
    room: str  # where the conversation is: a channel, thread, topic or private chat; unique over platforms
    text: str = ""  # the question, the prompt, or the command's free text
    args: Mapping[str, Value] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    quote: Quote | None = None
    message: str = ""  # the platform's id of the asking message, if it is one
    labels: frozenset[str] = frozenset()  # every name this request goes by in ALLOW and DENY
    shared: bool = False  # a thread, topic or private chat: one conversation for all who are in it
    private: bool = False  # a private chat with the bot: nothing of it is used elsewhere
    alone: bool = False  # `chat` is this person's and nobody else's
    adult: bool = False  # an age-restricted place
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)  # labels of people whom an option names
    asker: bool = False  # of a press: the platform itself says that the message answers this person

    def __post_init__(self) -> None:
        _mend(self, "command")
        object.__setattr__(self, "text", _words(self.text))
        args = {name: _words(value) if isinstance(value, str) else value for name, value in self.args.items()}
        object.__setattr__(self, "args", args)

    @property
    def platform(self) -> str:
        return self.id.partition(":")[0]

    def may_act_for(self, owner: str, chat: str) -> bool:
        """Whether what `owner` asked for in `chat` is this person's own, or they moderate that chat."""
        return self.person.id == owner or (self.person.is_moderator and self.chat == chat)

    def arg(self, name: str) -> str:
        """The option as text, "" where it was not given."""
        return str(self.args.get(name, ""))

    def option_or_text(self, *names: str) -> str:
        """The first of these options that was given, else the free text: where commands have no options, the
        text stands for them."""
        return (next(filter(None, map(self.arg, names)), "") or self.text).strip()


def _words(text: str) -> str:
    is_blank = all(char.isspace() or char in _BLANKS or category(char) in _UNSEEN for char in text)
    return "" if is_blank else mended(text)


def _mend(thing: Person | Attachment | Quote | Turn, *fields: str) -> None:
    for name in fields:
        object.__setattr__(thing, name, mended(getattr(thing, name)))
