"""Buttons, pickers and forms as Discord's components, and back.

A component's custom_id says all that is needed to act on it, so it works after any restart and
nothing is kept in memory for it.
"""

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from math import ceil
from typing import Any, TypeVar

from core.answer import Action, Answer, Choice
from core.pages import shorten, utf16_length
from core.words import t

_ROW, _BUTTON, _SELECT, _TEXT_INPUT, _LABEL = 1, 2, 3, 4, 18
_SECONDARY, _DANGER, _PARAGRAPH = 2, 4, 2
_ROWS, _BUTTONS_A_ROW, _OPTIONS = 5, 5, 25
_ID_LENGTH, _BUTTON_LABEL, _OPTION_TEXT, _TITLE, _INPUT = 100, 80, 100, 45, 4000
# Characters of all options of a message, with their details. Discord takes 4000 for all that its components
# show, which it tells only when it refuses more. The rest is for buttons, and for the words above, should they
# count, too.
_ALL_OPTIONS = 3000

_NEEDLESS = {"file"}  # a picture here is the untouched file already
# Act at once, ask for a text first, pick from a list; act, and show the outcome in place of the question.
PRESS, ASK, _PICK, _HERE = "mb", "mb?", "mb#", "mb!"
IN_PLACE = (_PICK, _HERE)

_DIGITS = string.digits + string.ascii_lowercase
_LONGEST = 13  # digits of any Discord id in base 36

T = TypeVar("T")
Component = dict[str, Any]  # JSON as Discord reads it


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a custom_id of ours says."""

    kind: str
    command: str
    ref: str
    earlier: tuple[str, ...] = ()  # messages of the answer that the button stands under


def write_id(kind: str, command: str, ref: str, earlier: Sequence[str] = ()) -> str:
    """The custom_id; of `earlier` messages as many as there is room for, each as its distance from the one
    before."""
    custom_id, before = f"{kind}:{command}:{ref}", 0
    for message in sorted(int(one) for one in earlier if one.isdecimal()):
        longer = f"{custom_id}:{_short(message - before)}"
        if len(longer) > _ID_LENGTH:
            break
        custom_id, before = longer, message
    return custom_id


def read_id(custom_id: str) -> Pressed | None:
    """None where the custom_id is not one of ours."""
    kind, _, rest = custom_id.partition(":")
    command, ref, *more = [*rest.split(":"), "", ""]
    if kind not in (PRESS, ASK, _PICK, _HERE) or not command:
        return None
    return Pressed(kind, command, ref, _earlier(more) if command == "delete" else ())


def _short(number: int) -> str:
    """The number in base 36: a message's id takes 13 digits instead of 19, a distance of some seconds 7."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _earlier(distances: Iterable[str]) -> tuple[str, ...]:
    """Buttons of earlier versions hold the messages' numbers as they are."""
    found, before = [], 0
    for one in filter(None, distances):
        before = int(one) if len(one) > _LONGEST else before + int(one, 36)
        found.append(str(before))
    return tuple(found)


def draw(answer: Answer, locale: str, earlier: Sequence[str] = ()) -> list[Component]:
    """The rows under a message: pickers first, then buttons; what does not fit is left out.
    `earlier` are the answer's messages before this one, which deleting it takes along."""
    rows = _pickers(answer.choices, locale)[: _ROWS - bool(answer.actions)]
    buttons = [_button(action, earlier) for action in answer.actions if action.command not in _NEEDLESS]
    rows += [_row(row) for row in _evenly(buttons, _BUTTONS_A_ROW)]
    return rows[:_ROWS]


def _batched(items: Iterable[T], size: int) -> list[list[T]]:
    everything = list(items)
    return [everything[start : start + size] for start in range(0, len(everything), size)]


def _evenly(items: Sequence[T], most: int) -> list[list[T]]:
    """As few groups as hold `most` each, of about the same size."""
    groups = ceil(len(items) / most)
    return _batched(items, ceil(len(items) / groups)) if groups else []


def _row(items: Sequence[Component]) -> Component:
    return {"type": _ROW, "components": list(items)}


def _button(action: Action, earlier: Sequence[str]) -> Component:
    messages = earlier if action.command == "delete" else ()
    kind = ASK if action.asks else _HERE if action.here else PRESS
    return {
        "type": _BUTTON,
        "style": _DANGER if action.danger else _SECONDARY,
        "label": shorten(action.label, _BUTTON_LABEL),
        "custom_id": write_id(kind, action.command, action.ref, messages),
    }


def _pickers(choices: Sequence[Choice], locale: str) -> list[Component]:
    rows = []
    for (command, ref), group in groupby(_fitting(choices), key=lambda choice: (choice.command, choice.ref)):
        for number, some in enumerate(_batched(group, _OPTIONS)):
            picker = {
                "type": _SELECT,
                # The letter keeps the ids of one message apart; reading ignores it.
                "custom_id": write_id(_PICK, command, ref) + (":" + "abcd"[number % 4] if number else ""),
                "placeholder": t(locale, "discord-choose"),
                "options": [_option(choice) for choice in some],
            }
            rows.append(_row([picker]))
    return rows


def _fitting(choices: Sequence[Choice]) -> list[Choice]:
    """The choices that Discord takes: without their details where it does not take all of those, too."""
    known = [choice for choice in choices if 0 < len(choice.value) <= _OPTION_TEXT]
    labels = [utf16_length(_label(choice)) for choice in known]
    if sum(labels) + sum(utf16_length(_detail(choice)) for choice in known) > _ALL_OPTIONS:
        known = [replace(choice, detail="") for choice in known]
    return [choice for choice, shown in zip(known, accumulate(labels), strict=True) if shown <= _ALL_OPTIONS]


def _label(choice: Choice) -> str:
    return shorten(choice.label or choice.value, _OPTION_TEXT)


def _detail(choice: Choice) -> str:
    return shorten(choice.detail, _OPTION_TEXT)


def _option(choice: Choice) -> Component:
    option: Component = {"label": _label(choice), "value": choice.value, "default": choice.chosen}
    return option | ({"description": _detail(choice)} if choice.detail else {})


def form(
    custom_id: str, title: str, label: str, *, prefilled: str = "", required: bool = True, most: int = _INPUT
) -> Component:
    """A form with one text input of at most `most` characters. It is recognised by its custom_id when it
    comes back."""
    value = prefilled[:most]
    field: Component = {
        "type": _TEXT_INPUT,
        "custom_id": "text",
        "style": _PARAGRAPH,
        "required": required,
        "max_length": most,
    }
    if value:
        field["value"] = value
    asked = {"type": _LABEL, "label": shorten(label, _TITLE), "component": field}
    return {"custom_id": custom_id, "title": shorten(title, _TITLE), "components": [asked]}


def read_form(components: Sequence[Component]) -> str:
    """The text of a submitted form."""
    for outer in components:
        for item in [outer.get("component"), *outer.get("components", ())]:
            if item and item.get("type") == _TEXT_INPUT:
                return str(item.get("value") or "")
    return ""
