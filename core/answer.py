"""What to show (Answer), what a chat can show (Surface), and where it is shown (Reply).

An Answer is always the whole of it so far, never a step.
"""

import secrets
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from core.pace import Lane

# Word keys of the notes that say only that an answer is waited for.
WAITING = ("answer-working", "answer-still-waiting")


def new_ref() -> str:
    """A random name for an answer, an order or a text, which nobody can guess, as `Action.ref` takes it."""
    return secrets.token_urlsafe(12)


class Phase(Enum):
    """How far an answer is. All phases after GROWING are final: nothing further is shown, except by a
    button."""

    WORKING = "working"  # accepted, no text yet; `note` may say what it waits for
    GROWING = "growing"  # `text` grows
    DONE = "done"
    STOPPED = "stopped"  # by the person; what was there is kept
    CUT = "cut"  # ended early: upstream broke, a length limit, a restart; `note` says which
    FAILED = "failed"  # `note` is the sentence for the person

    @property
    def is_final(self) -> bool:
        return self not in (Phase.WORKING, Phase.GROWING)

    @property
    def is_whole(self) -> bool:
        """Whether the text is complete: not cut off."""
        return self in (Phase.DONE, Phase.FAILED)


@dataclass(frozen=True, slots=True)
class Action:
    """A button: a command with a reference. Pressing it becomes a Turn with `command` and args
    {"ref": ref}. `label` is in the reader's language. A ref has at most 24 characters of
    `[A-Za-z0-9_-]`, so that every platform's button payload has room for it."""

    command: str
    ref: str
    label: str
    asks: str = ""  # the press first asks for Turn.text, prefilled with this, or by `Core.prefill`
    danger: bool = False
    here: bool = False  # its outcome replaces this message, where a chat can do that


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker (models, languages, shapes ...). Picking it becomes a Turn, as pressing an Action
    does."""

    command: str
    value: str  # becomes args["value"]
    label: str
    detail: str = ""
    chosen: bool = False
    ref: str = ""  # becomes args["ref"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to deliver: encoded bytes, what it is, and words for those who cannot see it."""

    data: bytes
    media_type: str  # image/png, image/jpeg, image/webp
    name: str  # a file name, safe
    alt: str  # the prompt
    spoiler: bool = False
    as_file: bool = False  # untouched, as a document


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an image order is. `expected` seconds is 0 while unknown; `place` 0 = not waiting in line.
    `count` pictures of `width` by `height` pixels are to come; 0 where that is not known."""

    elapsed: float
    expected: float = 0.0
    place: int = 0
    count: int = 1
    width: int = 0
    height: int = 0

    @property
    def share(self) -> float:
        """How much of the expected time is over, from 0 to 0.95, as nobody knows when it is done. 0 while the
        expected time is unknown."""
        if self.place or not self.expected:
            return 0.0
        return min(self.elapsed / self.expected, 0.95)

    def bar(self, length: int, full: str, empty: str) -> str:
        """The share as a bar of `length` characters; "" while it is unknown."""
        done = int(self.share * length)
        return full * done + empty * (length - done) if self.share else ""


@dataclass(frozen=True, slots=True)
class Bill:
    """What one answer cost, for scripts and small print. `measured` as in the ledger."""

    model: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    nanos: int
    measured: str


@dataclass(frozen=True, slots=True)
class Answer:
    """All that one reply should show now.

    `text` is Markdown, from a model (untrusted) or from the word files. `note` is one line in the
    reader's language below it (a state, an error and what to do). `footer` is small print (cost,
    tokens, parameters). `alert` marks a note that matters (an error, a cap).
    """

    phase: Phase = Phase.WORKING
    text: str = ""
    note: str = ""
    footer: str = ""
    actions: tuple[Action, ...] = ()
    choices: tuple[Choice, ...] = ()
    pictures: tuple[Picture, ...] = ()
    progress: Progress | None = None
    alert: bool = False
    private: bool = False  # for the asker's eyes only, where the chat can do that
    remove: bool = False  # the message whose button was pressed is to be deleted
    withdraw: bool = False  # all messages of this reply are to be deleted: the person sees the answer elsewhere
    stays: bool = False  # of a reopened reply: what it has shown stays above this, if the chat still has it
    anew: bool = False  # other processes may have changed its messages: all of them are to be written again
    evident: bool = False  # what it says is about to be seen: not worth a message of its own
    question: str = ""  # of an order, or a reopened reply: what was asked, for a chat that shows that
    ref: str = ""  # the id of this answer: of its exchange in memory, its running state, its buttons
    bill: Bill | None = None


@dataclass(frozen=True, slots=True)
class Surface:
    """Facts about one chat, filled in by the adapter."""

    show_every: float = 0.0  # seconds between shows of a growing answer; 0 = as they come
    buttons: bool = False  # a message can carry some
    pictures: bool = False  # can show them
    private: bool = False  # can show something to one person only
    replies: bool = True  # a person can reply to one message of many
    quotes: bool = True  # the message that a person replies to is known, also another person's
    spoilers: bool = False  # made pictures are to be hidden until clicked
    terse: bool = False  # every line is a message to scroll past: the same refusal is not repeated
    once: bool = False  # only one final state is shown: what comes later waits for the person's next visit
    picks_options: bool = False  # commands have no options here: they are picked with buttons instead
    hint: str = ""  # for /help, in the person's language: what else can be done here, and how


class Reply(Protocol):
    """The one port: a place where one answer is shown.

    `show` makes the chat match the answer and may be called again with a newer one; showing twice
    and skipping one are both harmless. The caller has entered `lane` once before each `show`, for
    the first platform call inside; the adapter enters the lane itself for further calls. When core
    enters for the first time, what the turn leads to is recorded in the store.
    `address` reopens this reply in any process after a restart. `messages` are the platform's ids of
    the messages posted so far, in order: a person who replies to one of them continues this answer.
    """

    @property
    def surface(self) -> Surface: ...
    @property
    def lane(self) -> Lane: ...
    @property
    def address(self) -> str: ...
    @property
    def messages(self) -> tuple[str, ...]: ...

    async def show(self, answer: Answer) -> None:
        """Raises only DeliveryError: SlowDown, TooBig, NoPictures, Gone."""
        ...
