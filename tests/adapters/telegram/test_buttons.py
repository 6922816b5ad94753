"""Labels and data of buttons."""

import pytest

from bots.telegram.buttons import (
    ASK,
    DATA_BYTES,
    IN_PLACE,
    PICK,
    PRESS,
    keyboard,
    read_data,
    write_data,
)
from core.answer import Action, Answer, Phase
from core.commands import COMMANDS
from core.words import locales, money, t

MOST = {1: 34, 2: 16, 3: 10}  # signs of a label on a telephone, by how many share its row
REF = "ABCDEFGHIJKLMNOPQRSTUVWX"  # the longest that there is


def rows(*labels: str) -> list[list[str]]:
    made = keyboard(Answer(Phase.DONE, actions=tuple(Action("again", "", label) for label in labels)))
    assert made is not None
    return [[button.text for button in row] for row in made.inline_keyboard]


def test_no_label_is_cut_on_a_telephone() -> None:
    """A row has as many buttons as show their whole labels; a long label takes no room from later buttons."""
    assert rows("Model", "Delete", "New answer") == [["Model", "Delete", "New answer"]]
    assert rows("Nueva respuesta", "Modelo", "Eliminar") == [["Nueva respuesta", "Modelo"], ["Eliminar"]]
    long = "Your own instructions"
    assert rows("✓ Assistant", "Brief", long, "Tutor", "Coder", "pirate") == [
        ["✓ Assistant", "Brief"],
        [long],
        ["Tutor", "Coder", "pirate"],
    ]


@pytest.mark.parametrize("locale", locales())
def test_the_buttons_under_answers_and_pictures_take_few_rows(locale: str) -> None:
    """None is cut in any language, and there are at most two rows under an answer, three under a picture."""
    price = money(6_000_000, locale)
    for most, prefix, names in (
        (2, "answer-button", ("regenerate", "continue", "model", "delete")),
        (3, "action", ("again", "vary", "shape", "details", "file", "delete")),
    ):
        found = rows(*(t(locale, f"{prefix}-{name}", price=price) for name in names))
        assert len(found) <= most, found
        assert all(len(label) <= MOST[len(row)] for row in found for label in row), found


def test_any_button_has_room_for_the_longest_ref() -> None:
    """Telegram allows 64 bytes: a command with a ref of 24 characters, and for a choice also its value, however
    long."""
    for command in COMMANDS:
        for kind in (*IN_PLACE, PRESS, ASK):
            data = write_data(kind, command.name, REF, "model=" + 60 * "x" if kind == PICK else "")
            assert len(data.encode()) <= DATA_BYTES
            pressed = read_data(data)
            assert pressed is not None
            assert (pressed.kind, pressed.command, pressed.ref) == (kind, command.name, REF)
