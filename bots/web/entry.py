"""One exchange on the page: what a person sent and what they see of the answer."""

import secrets
import time

import msgspec

from core.answer import Action, Choice, Phase, Progress


class Shown(msgspec.Struct, frozen=True):
    """A picture on the page; its bytes are kept apart, under `id`. An empty id: they were not kept."""

    id: str
    name: str
    alt: str
    spoiler: bool = False
    as_file: bool = False


class Entry(msgspec.Struct, frozen=True):
    """What the transcript keeps. `caption` stands in for the question where a button was pressed."""

    id: str
    person: str
    command: str
    locale: str
    question: str = ""
    is_cut: bool = False  # the question is not all that was sent: it was too long, or had options besides
    caption: str = ""
    uploads: tuple[Shown, ...] = ()
    phase: Phase = Phase.WORKING
    text: str = ""
    note: str = ""
    footer: str = ""
    alert: bool = False
    actions: tuple[Action, ...] = ()
    choices: tuple[Choice, ...] = ()
    pictures: tuple[Shown, ...] = ()
    progress: Progress | None = None

    @property
    def stop_ref(self) -> str:
        """The reference of the button that stops it, "" where there is none."""
        return next((action.ref for action in self.actions if action.command == "stop"), "")


def new_id() -> str:
    """Sorts by age, and cannot be guessed."""
    return f"{int(time.time() * 1000):012x}{secrets.token_hex(8)}"


def read(data: bytes | None) -> Entry | None:
    """None where there is none, or where another version wrote it in a way that this one does not know."""
    try:
        return _decode(data) if data else None
    except msgspec.DecodeError:
        return None


_decode = msgspec.json.Decoder(Entry).decode
