"""Personas: ways to talk, defined by us, by the operator, by a chat's admins, or by a person's own words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from core.answer import Choice
from core.errors import BadInput
from core.preferences import OFF, OWN, ChatDefaults, Preferences
from core.settings import BadSettings, read_named
from core.words import t

_DEFAULT = "default"
_SHIPPED = "personas.toml"
_NO_CHOICE = Preferences()
_MOST_PROMPT = 8000  # characters; a persona is sent along with every question, and paid for


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
    if name in (OWN, OFF, ""):  # which nobody could pick: they mean something else
        raise BadSettings([f"{source}: no persona can go by the name {name!r}"])
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise BadSettings([f"{source}: {name} must be a table of texts"])
    if unknown := set(table) - {"prompt", "label", "detail"}:
        raise BadSettings([f"{source}: {name} has no setting {', '.join(sorted(unknown))}"])
    prompt = table.get("prompt", "").strip()
    if not 0 < len(prompt) <= _MOST_PROMPT:
        raise BadSettings([f"{source}: {name}: prompt must have 1 to {_MOST_PROMPT} characters"])
    own_label = "" if source == _SHIPPED else name
    return Persona(name, prompt, table.get("label", "").strip() or own_label, table.get("detail", ""))


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person may choose from in a chat: the personas `known` to the bot, the chat's, and their own."""

    known: Mapping[str, Persona]
    chat: ChatDefaults
    own: Preferences = _NO_CHOICE

    @property
    def names(self) -> tuple[str, ...]:
        """The chat's own come last, and the person's own words last of all."""
        of_chat = (name for name in self.chat.personas if name not in self.known)
        return (*self.known, *of_chat, *([OWN] if self.own.prompt else []))

    def find(self, name: str) -> Persona | None:
        """The persona of that name as this person in this chat would get it."""
        if name == OWN:
            if not self.own.prompt:
                return None
            wish = f"The person asks you to talk like this:\n{self.own.prompt}"  # not for people: the model
            return Persona(OWN, f"{self.known[_DEFAULT].prompt}\n\n{wish}")
        if name in self.chat.personas:
            return Persona(name, self.chat.personas[name], label=name)
        return self.known.get(name)

    def find_name(self, typed: str, locale: str) -> str | None:
        """The name of the persona that goes by `typed`: by its name or its label, in any case."""
        names = self.names
        by_label = {self._words(locale, name)[0].casefold(): name for name in names}
        by_name = {name.casefold(): name for name in names}
        return typed if typed in names else (by_label | by_name).get(typed.casefold())

    def resolve(self, chosen: str) -> Persona:
        """The conversation's persona before the person's before the chat's; one that is gone is passed over."""
        for name in (chosen, self.own.persona, self.chat.persona):
            if name and (persona := self.find(name)):
                return persona
        return self.known[_DEFAULT]

    def choices(self, locale: str, current: str, command: str = "persona") -> tuple[Choice, ...]:
        """The lines of the picker."""
        return tuple(
            Choice(command, name, *self._words(locale, name), chosen=name == current) for name in self.names
        )

    def refusal(self, name: str) -> BadInput:
        """The error for an unknown name, which lists the known ones."""
        return BadInput("unknown-persona", name=name[:60], known=", ".join(self.names))

    def _words(self, locale: str, name: str) -> tuple[str, str]:
        """Label and detail."""
        if name in self.chat.personas:
            return name, t(locale, "persona-of-chat")
        return described(self.known.get(name) or Persona(name, ""), locale)


def label(persona: Persona, locale: str) -> str:
    """Its label in pickers."""
    return described(persona, locale)[0]


def described(persona: Persona, locale: str) -> tuple[str, str]:
    """Its label in pickers, and its description."""
    if persona.label:
        return persona.label, persona.detail
    return t(locale, f"persona-{persona.name}"), t(locale, f"persona-{persona.name}-detail")
