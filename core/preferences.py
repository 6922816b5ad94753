"""What a person or a chat chose once and for all. Holds no content but a person's own instructions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.commands import CHAT_INSTRUCTIONS_LENGTH, INSTRUCTIONS_LENGTH, PERSONA_BYTES
from core.errors import BadInput
from core.seal import Seal
from core.store import Store

SETTINGS_TTL_S = 400 * 86400  # renewed by use
CHAT_PERSONAS = 20
OWN = "own"  # the persona that is a person's own instructions
OFF = "off"  # what takes a choice back
_PERSON = ("model", "persona", "prompt", "language", "show_cost")
_CHAT = ("model", "persona")


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's choices; "" (or None) where nothing was chosen."""

    model: str = ""
    persona: str = ""
    prompt: str = ""
    language: str = ""
    show_cost: bool | None = None


@dataclass(frozen=True, slots=True)
class ChatDefaults:
    """A chat's defaults, and the personas its admins made: name to prompt."""

    model: str = ""
    persona: str = ""
    personas: Mapping[str, str] = field(default_factory=dict)


def person_key(person: str) -> str:
    return f"{{p:{person}}}:set"


def chat_key(chat: str) -> str:
    return f"{{c:{chat}}}:set"


def read_person(stored: Mapping[bytes, bytes], person: str, seal: Seal) -> Preferences:
    """Preferences out of the person's hash."""
    prompt = seal.decrypt(stored[b"prompt"], person) if b"prompt" in stored else None
    shows = stored.get(b"show_cost")
    return Preferences(
        model=stored.get(b"model", b"").decode(),
        persona=stored.get(b"persona", b"").decode(),
        prompt=(prompt or b"").decode(),
        language=stored.get(b"language", b"").decode(),
        show_cost=None if shows is None else shows == b"1",
    )


def read_chat(stored: Mapping[bytes, bytes]) -> ChatDefaults:
    """Defaults out of the chat's hash."""
    mark = b"persona:"
    return ChatDefaults(
        model=stored.get(b"model", b"").decode(),
        persona=stored.get(b"persona", b"").decode(),
        personas={
            name.removeprefix(mark).decode(): prompt.decode()
            for name, prompt in sorted(stored.items())
            if name.startswith(mark)
        },
    )


async def prefer(store: Store, seal: Seal, person: str, name: str, value: str | bool) -> None:
    """Sets one choice of a person; "" takes it back. Raises BadInput("prompt-too-long")."""
    if name not in _PERSON:
        raise ValueError(name)
    if name == "prompt" and len(str(value)) > INSTRUCTIONS_LENGTH:
        raise BadInput("prompt-too-long", length=len(str(value)), most=INSTRUCTIONS_LENGTH)
    text = ("1" if value else "0") if isinstance(value, bool) else value.strip()
    data = seal.encrypt(text.encode(), person) if name == "prompt" and text else text.encode()
    await _write(store, person_key(person), name, data)


async def prefer_for_chat(store: Store, chat: str, name: str, value: str) -> None:
    """Sets one default of a chat; "" takes it back."""
    if name not in _CHAT:
        raise ValueError(name)
    await _write(store, chat_key(chat), name, value.strip().encode())


async def set_chat_persona(store: Store, chat: str, name: str, prompt: str) -> None:
    """Adds, changes or (with an empty prompt) removes a persona of a chat. Raises what check_persona does."""
    with store.guard():
        known = read_chat(await store.redis.hgetall(chat_key(chat)))
    check_persona(known, name, prompt)
    await _write(store, chat_key(chat), f"persona:{name}", prompt.strip().encode())


def check_persona(chat: ChatDefaults, name: str, prompt: str) -> None:
    """Whether the chat may have this persona of its own. Its name is one word, so that it can be typed, and
    short, so that every platform's buttons have room for it.

    Raises BadInput: "persona-name", "prompt-too-long", "too-many-personas".
    """
    if len(name.split()) != 1 or ":" in name or len(name.encode()) > PERSONA_BYTES or name in (OWN, OFF):
        raise BadInput("persona-name", name=name[:60])
    if len(prompt) > CHAT_INSTRUCTIONS_LENGTH:
        raise BadInput("prompt-too-long", length=len(prompt), most=CHAT_INSTRUCTIONS_LENGTH)
    if name not in chat.personas and len(chat.personas) >= CHAT_PERSONAS:
        raise BadInput("too-many-personas", most=CHAT_PERSONAS)


async def _write(store: Store, key: str, name: str, data: bytes) -> None:
    with store.guard():
        if not data:
            await store.redis.hdel(key, name)
            return
        pipe = store.redis.pipeline(transaction=False)
        pipe.hset(key, name, data)
        pipe.expire(key, SETTINGS_TTL_S)
        await pipe.execute()
