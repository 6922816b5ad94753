"""Form validation: what the real one answers with 50035, applied to messages, components and commands."""

import re
from typing import Any

from tests.standins.discord.errors import Refusal, invalid

CONTENT, FILE_BYTES, REQUEST_BYTES, NONCE = 2000, 10 * 1024 * 1024, 25 * 1024 * 1024, 25
IS_COMPONENTS_V2 = 1 << 15
SHOWN = 4000  # characters of all components of a message; not documented, but refused
BUTTON, SELECT, TEXT_INPUT, ROW, LABEL = 2, 3, 4, 1, 18


def units(text: str) -> int:
    """Length in UTF-16 units, the stricter of the two ways it may be counted."""
    return len(text.encode("utf-16-le")) // 2


def check_message(body: dict[str, Any], files: dict[str, bytes]) -> None:
    content = body.get("content") or ""
    if units(content) > CONTENT:
        raise invalid("content", f"Must be {CONTENT} or fewer in length.")
    if body.get("flags", 0) & IS_COMPONENTS_V2 and (content or body.get("embeds")):
        raise invalid("content", "The 'content' field cannot be used with MessageFlags.IS_COMPONENTS_V2")
    if len(str(body.get("nonce", ""))) > NONCE:
        raise invalid("nonce", f"Must be {NONCE} or fewer in length.")
    check_components(body.get("components") or [])
    _check_embeds(body.get("embeds") or [])
    _check_files(body, files)


def _check_files(body: dict[str, Any], files: dict[str, bytes]) -> None:
    if any(len(data) > FILE_BYTES for data in files.values()):
        raise Refusal(413, 40005)
    if sum(map(len, files.values())) > REQUEST_BYTES:
        raise Refusal(413, 40005)
    if len(body.get("attachments") or []) > 10:
        raise invalid("attachments", "Must be 10 or fewer in length.")
    for attachment in body.get("attachments") or []:
        if len(attachment.get("description") or "") > 1024:
            raise invalid("attachments", "Description must be 1024 or fewer in length.")


def _check_embeds(embeds: list[dict[str, Any]]) -> None:
    if len(embeds) > 10:
        raise invalid("embeds", "Must be 10 or fewer in length.")
    if any(units(embed.get("description") or "") > 4096 for embed in embeds):
        raise invalid("embeds", "Must be 4096 or fewer in length.")


def check_components(rows: list[dict[str, Any]]) -> None:
    if len(rows) > 5:
        raise invalid("components", "Must be 5 or fewer in length.")
    seen: set[str] = set()
    for row in rows:
        inner = row.get("components") or []
        selects = [item for item in inner if item["type"] != BUTTON]
        if row["type"] != ROW or not 1 <= len(inner) <= 5 or (selects and len(inner) > 1):
            raise invalid("components", "A row holds 1 to 5 buttons or one select.")
        for item in inner:
            _check_item(item, seen)
    if sum(map(_shown, rows)) > SHOWN:
        raise invalid("components", f"Components displayable text size exceeds maximum size of {SHOWN}")


def _shown(item: dict[str, Any]) -> int:
    """How many characters of a component people can read."""
    inner = [*(item.get("components") or []), *(item.get("options") or [])]
    texts = (item.get(field) or "" for field in ("label", "description", "placeholder"))
    return sum(map(units, texts)) + sum(map(_shown, inner))


def _check_item(item: dict[str, Any], seen: set[str]) -> None:
    custom_id = item.get("custom_id", "")
    if item.get("style") != 5:
        if not 1 <= len(custom_id) <= 100:
            raise invalid("custom_id", "Must be between 1 and 100 in length.")
        if custom_id in seen:
            raise invalid("custom_id", "Component custom id cannot be duplicated")
        seen.add(custom_id)
    if item["type"] == BUTTON:
        label = (item.get("label") or "").strip()
        if units(label) > 80 or not (label or item.get("emoji")):
            raise invalid("label", "Must be between 1 and 80 in length.")
        return
    _check_select(item)


def _check_select(item: dict[str, Any]) -> None:
    options = item.get("options") or []
    if not 1 <= len(options) <= 25:
        raise invalid("options", "Must be between 1 and 25 in length.")
    if len({option["value"] for option in options}) != len(options):
        raise invalid("options", "The specified option value is already used")
    if sum(bool(option.get("default")) for option in options) > item.get("max_values", 1):
        raise invalid("options", "More options are chosen than may be.")
    if units(item.get("placeholder") or "") > 150:
        raise invalid("placeholder", "Must be 150 or fewer in length.")
    for option in options:
        if not (1 <= len(option["value"]) <= 100 and 1 <= units(option["label"].strip()) <= 100):
            raise invalid("options", "Must be between 1 and 100 in length.")
        if units(option.get("description") or "") > 100:
            raise invalid("options", "Must be 100 or fewer in length.")


def check_modal(data: dict[str, Any]) -> None:
    if not 1 <= units(data.get("title", "")) <= 45:
        raise invalid("title", "Must be between 1 and 45 in length.")
    if not 1 <= len(data.get("custom_id", "")) <= 100:
        raise invalid("custom_id", "Must be between 1 and 100 in length.")
    if not 1 <= len(data.get("components") or []) <= 5:
        raise invalid("components", "Must be between 1 and 5 in length.")
    for outer, item in text_inputs(data["components"]):
        if outer["type"] == LABEL and not 1 <= units(outer["label"].strip()) <= 45:
            raise invalid("label", "Must be between 1 and 45 in length.")
        if not 1 <= item.get("max_length", 4000) <= 4000:
            raise invalid("max_length", "Must be between 1 and 4000.")
        if units(item.get("value") or "") > item.get("max_length", 4000):
            raise invalid("value", "Must be 4000 or fewer in length.")


def text_inputs(components: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every text input of a modal with the row or label around it."""
    found = []
    for outer in components:
        inner = outer.get("components") or [outer.get("component")]
        found += [(outer, item) for item in inner if item and item["type"] == TEXT_INPUT]
    return found


def check_choices(choices: list[dict[str, Any]]) -> None:
    if len(choices) > 25:
        raise invalid("choices", "Must be 25 or fewer in length.")
    for choice in choices:
        if not (1 <= units(choice["name"]) <= 100 and 1 <= len(str(choice["value"])) <= 100):
            raise invalid("choices", "Must be between 1 and 100 in length.")


NAME = re.compile(r"^[-_'\w]{1,32}$")
LOCALES = {
    "id", "en-US", "en-GB", "bg", "zh-CN", "zh-TW", "hr", "cs", "da", "nl", "fi", "fr", "de", "el",
    "hi", "hu", "it", "ja", "ko", "lt", "no", "pl", "pt-BR", "ro", "ru", "es-ES", "es-419", "sv-SE",
    "th", "tr", "uk", "vi",
}  # fmt: skip
COMMAND_LENGTH = 8000  # of all names, descriptions and values of one; of translations, the longest counts


def check_commands(commands: list[dict[str, Any]]) -> None:
    """The limits of a bulk overwrite; names are unique per type."""
    by_type: dict[int, list[str]] = {}
    for command in commands:
        by_type.setdefault(command.get("type", 1), []).append(command["name"])
    for kind, names in by_type.items():
        if len(names) > {1: 100, 2: 15, 3: 15}[kind]:
            raise Refusal(400, 30032)
        if len(set(names)) != len(names):
            raise invalid("name", "Application command names must be unique")
    for command in commands:
        if command.get("type", 1) == 1:
            _check_option(command)
            if _length(command) > COMMAND_LENGTH:
                raise invalid("name", f"Must be {COMMAND_LENGTH} or fewer in length.")
        else:
            _check_lengths(command, "name", 32)


def _said(named: dict[str, Any], field: str) -> list[str]:
    """A text in every language it is given in."""
    others = named.get(f"{field}_localizations") or {}
    if not LOCALES.issuperset(others):
        raise invalid(f"{field}_localizations", f"Value must be one of {LOCALES}.")
    return [str(named.get(field, "")), *others.values()]


def _check_lengths(named: dict[str, Any], field: str, most: int) -> None:
    for text in _said(named, field):
        if not 1 <= units(text.strip()) <= most:
            raise invalid(field, f"Must be between 1 and {most} in length.")


def _length(option: dict[str, Any]) -> int:
    inner = sum(_length(one) for field in ("options", "choices") for one in option.get(field) or ())
    texts = (max(map(units, _said(option, field))) for field in ("name", "description", "value"))
    return sum(texts) + inner


def _check_option(option: dict[str, Any]) -> None:
    for name in _said(option, "name"):
        if not NAME.match(name) or name != name.lower():
            raise invalid("name", f"Command name is invalid: {name}")
    _check_lengths(option, "description", 100)
    if len(option.get("options") or []) > 25 or len(option.get("choices") or []) > 25:
        raise invalid("options", "Must be 25 or fewer in length.")
    if option.get("max_length", 1) > 6000:
        raise invalid("max_length", "Must be 6000 or fewer.")
    required = [bool(inner.get("required")) for inner in option.get("options") or []]
    if required != sorted(required, reverse=True):
        raise invalid("options", "Required options must be placed before non-required options")
    for choice in option.get("choices") or []:
        _check_lengths(choice, "name", 100)
    for inner in option.get("options") or []:
        _check_option(inner)
