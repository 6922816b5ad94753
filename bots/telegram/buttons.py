"""Buttons and pickers as inline keyboards, and back.

A button's data says all that is needed to act on it, so it works after any restart and nothing is
kept in memory for it. Telegram vouches for who pressed and under which message, not for the data: a client
may send any with any message of ours (Bot API, CallbackQuery). Core checks whose a `ref` is; `has_button`
tells whether what would change the message itself was offered there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import accumulate, pairwise

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from core.answer import Action, Answer, Choice

# Act at once, ask for a text first, pick from a list; act, and show the outcome in place of the question.
PRESS, ASK, PICK, _HERE = "!", "?", "=", "."
IN_PLACE = (PICK, _HERE)
_FINGERPRINT = "#"  # begins what stands for a name that does not fit into a button
DATA_BYTES, _MOST = 64, 96
_LABEL = 60  # Telegram has no documented limit
# How many share a row, most first, and the characters that each then shows on a telephone, in a group, too.
_ROOM = ((3, 10), (2, 16), (1, 34))


@dataclass(frozen=True, slots=True)
class Pressed:
    """What the data of a button of ours says."""

    kind: str
    command: str
    ref: str = ""
    value: str = ""
    earlier: tuple[int, ...] = ()  # the messages of the answer before the one that the button stands under


def write_data(kind: str, command: str, ref: str, value: str = "", earlier: Sequence[int] = ()) -> str:
    """`kind command:ref`, of a pick `kind command:ref:value`; where a name in it is too long, its fingerprint.
    Nothing else can be: a ref has at most 24 characters (`core.answer.Action`). Of `earlier` messages as many
    as there is room for, each as its distance from the one before."""
    data = f"{kind}{command}:{ref}:{value}" if kind == PICK else f"{kind}{command}:{ref}"
    if kind == PICK and len(data.encode()) > DATA_BYTES:
        part, mark, name = value.rpartition("=")
        data = f"{kind}{command}:{ref}:{part}{mark}{_fingerprint(name)}"
    for before, message in pairwise((0, *earlier)):
        longer = f"{data}:{message - before:x}"
        if len(longer.encode()) > DATA_BYTES:
            break
        data = longer
    return data


def read_data(data: str) -> Pressed | None:
    """None where the data is not ours, as of a button made by another program with this account."""
    kind, (command, _, rest) = data[:1], data[1:].partition(":")
    if kind not in (PRESS, ASK, PICK, _HERE) or not command:
        return None
    ref, _, rest = rest.partition(":")
    if kind == PICK:
        return Pressed(kind, command, ref, rest)
    return Pressed(kind, command, ref, earlier=_earlier(rest))


def with_name(pressed: Pressed, names: Iterable[str]) -> Pressed:
    """What was pressed, with the one of `names` in place of its fingerprint."""
    part, mark, printed = pressed.value.rpartition("=")
    if not printed.startswith(_FINGERPRINT):
        return pressed
    found = next((name for name in names if _fingerprint(name) == printed), printed)
    return replace(pressed, value=f"{part}{mark}{found}")


def _fingerprint(name: str) -> str:
    return f"{_FINGERPRINT}{sha256(name.encode()).hexdigest()[:12]}"


def _earlier(distances: str) -> tuple[int, ...]:
    try:
        return tuple(accumulate(int(one, 16) for one in distances.split(":") if one))
    except ValueError:
        return ()


def has_long_choices(answer: Answer) -> bool:
    """Whether a telephone would cut the details of the choices on their buttons: then they stand in the
    text."""
    _, screen = _ROOM[-1]
    return any(len(choice.label) + len(choice.detail) > screen for choice in answer.choices if choice.detail)


def keyboard(answer: Answer, earlier: Sequence[int] = ()) -> InlineKeyboardMarkup | None:
    """The rows under a message: what can be picked first, then what can be done. `earlier` are the answer's
    messages before this one, which deleting it takes along."""
    with_detail = not has_long_choices(answer)
    rows = [
        *_rows([_pick(choice, with_detail=with_detail) for choice in answer.choices]),
        *_rows([_act(action, earlier) for action in answer.actions]),
    ]
    fitting = rows[: _MOST // _ROOM[0][0]]
    return InlineKeyboardMarkup(fitting) if fitting else None


def _rows(buttons: Sequence[InlineKeyboardButton]) -> list[Sequence[InlineKeyboardButton]]:
    """The buttons in rows, in their order, as many in each row as a telephone shows without cutting one."""
    rows: list[Sequence[InlineKeyboardButton]] = []
    while buttons:
        fits = (many for many, room in _ROOM if all(len(one.text) <= room for one in buttons[:many]))
        width = next(fits, 1)
        rows.append(buttons[:width])
        buttons = buttons[width:]
    return rows


def _pick(choice: Choice, *, with_detail: bool) -> InlineKeyboardButton:
    label = choice.label or choice.value
    if with_detail and choice.detail:
        label = f"{label} · {choice.detail}"
    mark = "✓ " if choice.chosen else ""
    return _button(mark + label, write_data(PICK, choice.command, choice.ref, choice.value))


def _act(action: Action, earlier: Sequence[int]) -> InlineKeyboardButton:
    kind = ASK if action.asks else _HERE if action.here else PRESS
    taken = earlier if action.command == "delete" else ()
    return _button(action.label, write_data(kind, action.command, action.ref, earlier=taken))


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label[:_LABEL] or "…", callback_data=data)


def has_button(markup: InlineKeyboardMarkup | None, data: str) -> bool:
    """Whether a keyboard, as Telegram has it, holds a button with this data."""
    return any(data == own for _, own in buttons_of(markup))


def is_last_of_several(markup: InlineKeyboardMarkup | None) -> bool:
    """Whether a keyboard of ours stands under an answer of more than one message."""
    return any((pressed := read_data(data)) and pressed.earlier for _, data in buttons_of(markup))


def buttons_of(markup: InlineKeyboardMarkup | None) -> tuple[tuple[str, str], ...]:
    """The words and the data of each button on a keyboard."""
    if markup is None:
        return ()
    return tuple((button.text, str(button.callback_data)) for row in markup.inline_keyboard for button in row)
