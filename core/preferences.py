"""The preferences of people and chats, as data; `chosen` stores them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.commands import CHAT_INSTRUCTIONS_LENGTH, PERSONA_BYTES
from core.errors import BadInput

CHAT_PERSONAS = 20
OWN = "own"  # the persona that is a person's own instructions
OFF = "off"  # what takes a choice back


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's choices; "" (or None) where nothing was chosen. `speaks`: the language their app told last."""

    model: str = ""
    persona: str = ""
    prompt: str = ""
    language: str = ""
    speaks: str = ""
    show_cost: bool | None = None


@dataclass(frozen=True, slots=True)
class ChatDefaults:
    """A chat's defaults, and the personas its admins made: name to prompt."""

    model: str = ""
    persona: str = ""
    personas: Mapping[str, str] = field(default_factory=dict)


def check_persona(chat: ChatDefaults, name: str, prompt: str) -> None:
    """Checks a persona that a chat is to have. Its name must be one word, so that it can be typed, and short,
    so that every platform's buttons have room for it.

    Raises BadInput: "persona-name", "prompt-too-long", "too-many-personas".
    """
    if len(name.split()) != 1 or ":" in name or len(name.encode()) > PERSONA_BYTES or name in (OWN, OFF):
        raise BadInput("persona-name", name=name[:60])
    if len(prompt) > CHAT_INSTRUCTIONS_LENGTH:
        raise BadInput("prompt-too-long", length=len(prompt), most=CHAT_INSTRUCTIONS_LENGTH)
    if name not in chat.personas and len(chat.personas) >= CHAT_PERSONAS:
        raise BadInput("too-many-personas", most=CHAT_PERSONAS)
