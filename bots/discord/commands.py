"""The commands as Discord's menus: built from core's data, offered in every language, synced on change.

The JSON is built here rather than with decorators, because the commands are data: one list feeds this
menu, the other platform's, /help and the web page.
"""

from collections.abc import Iterable
from typing import Any

import discord
import structlog

from bots.discord.rest import Rest
from core.catalogue import Catalogue, typeable
from core.commands import BY_NAME, COMMANDS, SHAPES, Command, Option
from core.pages import shorten
from core.words import FALLBACK, money, pick, t

log = structlog.get_logger(__name__)

ASK_ABOUT, CONTINUE = "discord-menu-ask", "discord-menu-continue"  # message commands, by word key
_COMMAND, MESSAGE_COMMAND = 1, 3  # the first also of those in a group
_TYPES = {"text": 3, "integer": 4, "number": 10, "flag": 5, "picture": 11}
_EVERYWHERE = {"integration_types": [0, 1], "contexts": [0, 1, 2]}  # servers and people; also DMs and groups
_SERVERS_ONLY = {"integration_types": [0], "contexts": [0]}
_MANAGE_GUILD = "32"
_CHOICES, _NAME_LENGTH, _MENU_LENGTH, _MAX_TEXT = 25, 100, 32, 6000

Payload = dict[str, Any]  # JSON as Discord reads it


def build() -> list[Payload]:
    """Every command of the menu, for a bulk overwrite."""
    shown = [command for command in COMMANDS if not command.hidden]
    menu = [_command(command, command.name) | _EVERYWHERE for command in shown if " " not in command.name]
    for head in dict.fromkeys(command.name.split()[0] for command in shown if " " in command.name):
        group = [command for command in shown if command.name.startswith(f"{head} ")]
        menu.append(_group(head, group))
    return [*menu, _message_command(ASK_ABOUT), _message_command(CONTINUE)]


def _command(command: Command, name: str) -> Payload:
    return {"name": name, "type": _COMMAND, **_described(command.key), **_options(command)}


def _group(head: str, group: list[Command]) -> Payload:
    permissions = {"default_member_permissions": _MANAGE_GUILD} if group[0].admin else {}
    return {
        "name": head,
        "type": _COMMAND,
        **_described(f"command-{head}"),
        "options": [_command(command, command.name.removeprefix(f"{head} ")) for command in group],
        **_SERVERS_ONLY,
        **permissions,
    }


def _message_command(key: str) -> Payload:
    names = _in_other_languages(key, _MENU_LENGTH)
    return {"name": t(FALLBACK, key), "type": MESSAGE_COMMAND, "name_localizations": names, **_EVERYWHERE}


def _described(key: str) -> Payload:
    description = shorten(t(FALLBACK, key), _NAME_LENGTH)
    return {"description": description, "description_localizations": _in_other_languages(key)}


def _in_other_languages(key: str, most: int = _NAME_LENGTH) -> dict[str, str]:
    """The text by language, in at most so many characters, under Discord's own names of languages: it refuses a
    menu with any other name."""
    known = [locale.value for locale in discord.Locale if pick(locale.value) != FALLBACK]
    return {locale: shorten(t(locale, key), most) for locale in known}


def _options(command: Command) -> Payload:
    options = [_option(command, option) for option in command.options]
    return {"options": options} if options else {}


def _option(command: Command, option: Option) -> Payload:
    key = f"option-{command.name.replace(' ', '-')}-{option.name}"
    data: Payload = {"name": option.name, "type": _TYPES[option.kind], **_described(key)}
    if option.required:
        data["required"] = True
    if option.kind == "text" and option.high is not None:
        data["max_length"] = min(int(option.high), _MAX_TEXT)
    if option.kind in ("integer", "number"):
        data |= {"min_value": option.low, "max_value": option.high}
    if option.name == "size":
        data["choices"] = [_shape(name) for name in SHAPES]
    elif option.choices is not None:
        data["autocomplete"] = True
    return data


def _shape(name: str) -> Payload:
    width, height = SHAPES[name]
    size, key = f" {width}×{height}", f"shape-{name}"
    others = _in_other_languages(key, _NAME_LENGTH - len(size))
    return {
        "name": t(FALLBACK, key) + size,
        "value": name,
        "name_localizations": {locale: text + size for locale, text in others.items()},
    }


def offer(
    catalogue: Catalogue, command: str, option: str, typed: str, locale: str, *, is_adult: bool
) -> list[Payload]:
    """The choices for what is being typed, with their prices; from memory, so that they come at once.
    What only an age-restricted place may use is offered there alone."""
    wanted = BY_NAME[command].option(option) if command in BY_NAME else None
    if wanted is None or wanted.choices is None:
        return []
    needle = typeable(typed)
    known = [value for value in wanted.choices(catalogue) if is_adult or not _is_for_adults(catalogue, value)]
    # With one value that is too long, Discord takes none of them.
    labelled = ((value, _label(catalogue, value, locale)) for value in known if len(value) <= _NAME_LENGTH)
    matching = [(value, label) for value, label in labelled if needle in typeable(f"{value} {label}")]
    return [{"name": shorten(label, _NAME_LENGTH), "value": value} for value, label in matching[:_CHOICES]]


def _is_for_adults(catalogue: Catalogue, value: str) -> bool:
    painter = catalogue.image.get(value)
    return painter is not None and painter.adult


def _label(catalogue: Catalogue, value: str, locale: str) -> str:
    if model := catalogue.chat.get(value):
        prices = {name: money(nanos, locale) for name, nanos in model.listed_nanos.items()}
        return f"{model.label} · {t(locale, 'discord-price-chat', **prices)}"
    if painter := catalogue.image.get(value):
        price = money(painter.price_nanos, locale)
        return f"{painter.label} · {t(locale, 'discord-price-image', price=price)}"
    return value


async def sync(rest: Rest, application: str) -> list[Payload]:
    """Overwrites the commands in one call if they differ from ours; as Discord has them then. Raises
    DeliveryError.

    Discord itself is the record of what was synced last: nothing to keep, and a change made by hand
    or by another version is seen.
    """
    stored = await read(rest, application)
    if is_synced(stored):
        return stored
    written: list[Payload] = await rest.call("PUT", _path(application), build())
    log.info("discord.commands_synced", count=len(written))
    return written


async def read(rest: Rest, application: str) -> list[Payload]:
    """The commands as Discord has them. Raises DeliveryError."""
    stored: list[Payload] = await rest.call("GET", f"{_path(application)}?with_localizations=true")
    return stored


def _path(application: str) -> str:
    return f"/applications/{application}/commands"


def ids_by_name(stored: Iterable[Payload]) -> dict[str, str]:
    """The ids of the commands by full name, as mentions need them; all commands of a group have the same id."""
    found: dict[str, str] = {}
    for command in stored:
        if command.get("type", _COMMAND) == _COMMAND:
            name, options = command["name"], command.get("options") or ()
            group = [f"{name} {one['name']}" for one in options if one["type"] == _COMMAND]
            found |= dict.fromkeys(group or [name], str(command["id"]))
    return found


# Of a stored command, what matters to us; ids, versions and defaults that Discord adds do not.
_TELLING = {
    "autocomplete", "choices", "contexts", "default_member_permissions", "description",
    "description_localizations",
    "integration_types", "max_length", "max_value", "min_length", "min_value", "name", "name_localizations",
    "options", "required", "type", "value",
}  # fmt: skip


def is_synced(stored: Iterable[Payload]) -> bool:
    """Whether what Discord has are the commands of this version."""

    def by_name(menu: Iterable[Payload]) -> list[object]:
        return [_bare(command) for command in sorted(menu, key=lambda one: (one.get("type", 1), one["name"]))]

    return by_name(stored) == by_name(build())


def _bare(value: Any) -> object:
    if isinstance(value, dict):
        kept = {
            key: one if "localizations" in key else _bare(one) for key, one in value.items() if key in _TELLING
        }
        return {key: one for key, one in kept.items() if one not in (None, False, "", [], {})}
    return [_bare(inner) for inner in value] if isinstance(value, list) else value
