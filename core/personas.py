"""Personas: ways to talk, defined by us, by the operator, by a chat's admins, or by a person's own words."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from core.answer import Choice
from core.errors import BadInput
from core.preferences import OWN, ChatDefaults, Preferences
from core.settings import BadSettings, read_named
from core.words import t

DEFAULT = "default"
_SHIPPED = "personas.toml"
_NOBODYS = Preferences()
MOST_PROMPT = 8000  # characters; a persona is sent along with every question, and paid for


@dataclass(frozen=True, slots=True)
class Persona:
    """`label` and `detail` are "" where the word files have them."""

    name: str
    prompt: str
    label: str = ""
    detail: str = ""


def read_personas(override: Path | None = None) -> Mapping[str, Persona]:
    """The shipped personas with the operator's file laid over them. Raises BadSettings."""
    shipped = resources.files("core").joinpath(_SHIPPED).read_text("utf-8")
    personas = _parse(shipped, _SHIPPED)
    if override is not None:
        personas |= _parse(read_named("PERSONAS_FILE", override), f"PERSONAS_FILE: {override}")
    return personas


def _parse(text: str, source: str) -> dict[str, Persona]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings([f"{source}: {error}"]) from error
    return {name: _persona(name, table, source) for name, table in tables.items()}


def _persona(name: str, table: object, source: str) -> Persona:
    if name == OWN:
        raise BadSettings([f"{source}: {OWN} is the name of a person's own instructions"])
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise BadSettings([f"{source}: {name} must be a table of texts"])
    if unknown := set(table) - {"prompt", "label", "detail"}:
        raise BadSettings([f"{source}: {name} has no setting {', '.join(sorted(unknown))}"])
    prompt = table.get("prompt", "").strip()
    if not 0 < len(prompt) <= MOST_PROMPT:
        raise BadSettings([f"{source}: {name}: prompt must have 1 to {MOST_PROMPT} characters"])
    own_label = "" if source == _SHIPPED else name
    return Persona(name, prompt, table.get("label", own_label), table.get("detail", ""))


def find_name(
    typed: str, locale: str, personas: Mapping[str, Persona], chat: ChatDefaults, own: Preferences = _NOBODYS
) -> str | None:
    """The name of the persona that goes by `typed`: by its name or its label, in any case."""
    known = names(personas, chat, own)
    by_label = {_words(locale, name, personas, chat)[0].casefold(): name for name in known}
    by_name = {name.casefold(): name for name in known}
    return typed if typed in known else (by_label | by_name).get(typed.casefold())


def find_persona(
    name: str, personas: Mapping[str, Persona], chat: ChatDefaults, own: Preferences = _NOBODYS
) -> Persona | None:
    """The persona of that name as this person in this chat would get it."""
    if name == OWN:
        if not own.prompt:
            return None
        base = personas[DEFAULT].prompt
        prompt = f"{base}\n\nThe person asks you to talk like this:\n{own.prompt}"  # not for people: the model
        return Persona(OWN, prompt)
    if name in chat.personas:
        return Persona(name, chat.personas[name], label=name)
    return personas.get(name)


def resolve(chosen: str, personas: Mapping[str, Persona], chat: ChatDefaults, own: Preferences) -> Persona:
    """The conversation's persona before the person's before the chat's; one that is gone is passed over."""
    for name in (chosen, own.persona, chat.persona):
        if name and (persona := find_persona(name, personas, chat, own)):
            return persona
    return personas[DEFAULT]


def label(persona: Persona, locale: str) -> str:
    """What it is called in pickers."""
    return described(persona, locale)[0]


def described(persona: Persona, locale: str) -> tuple[str, str]:
    """What it is called in pickers, and what it is like."""
    if persona.label:
        return persona.label, persona.detail
    return t(locale, f"persona-{persona.name}"), t(locale, f"persona-{persona.name}-detail")


def choices(
    locale: str,
    current: str,
    personas: Mapping[str, Persona],
    chat: ChatDefaults,
    own: Preferences = _NOBODYS,
    command: str = "persona",
) -> tuple[Choice, ...]:
    """The lines of the picker."""
    return tuple(
        Choice(command, name, *_words(locale, name, personas, chat), chosen=name == current)
        for name in names(personas, chat, own)
    )


def names(personas: Mapping[str, Persona], chat: ChatDefaults, own: Preferences = _NOBODYS) -> tuple[str, ...]:
    """All that this person may choose there; the chat's own come last, and a person's own words last of all."""
    of_chat = (name for name in chat.personas if name not in personas)
    return (*personas, *of_chat, *([OWN] if own.prompt else []))


def unknown_persona(name: str, known: Iterable[str]) -> BadInput:
    """With those that there are."""
    return BadInput("unknown-persona", name=name[:60], known=", ".join(known))


def _words(locale: str, name: str, personas: Mapping[str, Persona], chat: ChatDefaults) -> tuple[str, str]:
    """Label and detail."""
    if name in chat.personas:
        return name, t(locale, "persona-of-chat")
    return described(personas.get(name) or Persona(name, ""), locale)
