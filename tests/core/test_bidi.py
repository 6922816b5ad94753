"""Text that people wrote cannot reorder the sentence around it."""

import re

import pytest

from core import words
from core.bidi import FSI, PDI, isolated, runs_from_right, untwisted
from core.markdown.blocks import Table, parse
from core.markdown.tables import aligned, width

HEBREW, ARABIC = "דניאל (5)", "مرحبا 12"
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("name", [HEBREW, ARABIC, "ab גד", "١٢٣"])
def test_right_to_left_text_is_isolated(name: str) -> None:
    """Hebrew and Arabic, letters and digits, get isolating characters."""
    assert isolated(name) == f"{FSI}{name}{PDI}"
    assert runs_from_right(name)


@pytest.mark.parametrize("name", ["Ann", "Zoë", "李", "discord:123", "$0.0015", "🙂", ""])
def test_everything_else_stays_as_it_is(name: str) -> None:
    """Names, codes and amounts can be copied unchanged."""
    assert isolated(name) == name
    assert not runs_from_right(name)


def test_control_characters_are_removed() -> None:
    """Embeddings, overrides and isolates, open or closed, are removed: a value can neither leave its isolate
    nor open another one."""
    assert untwisted(f"pic{TURNS}gpj.exe") == "picgpj.exe"
    for turn in TURNS:
        assert isolated(f"{turn}exe.gpj") == "exe.gpj"
        assert isolated(f"א{turn}ב") == f"{FSI}אב{PDI}"


def test_in_a_language_from_right_to_left_it_is_the_other_way_round() -> None:
    """There, English words are isolated; a single word, such as a code to copy, is not."""
    assert isolated("Ann Lee", among_rtl=True) == f"{FSI}Ann Lee{PDI}"
    assert isolated("AB12CD", among_rtl=True) == "AB12CD"
    assert isolated(HEBREW[:5], among_rtl=True) == HEBREW[:5]


@pytest.mark.parametrize("locale", words.locales())
def test_every_sentence_isolates_what_it_is_given(locale: str) -> None:
    """In every language our words on both sides of a name are outside of the isolate; numbers and amounts are
    not isolated."""
    text = words.t(locale, "admin-granted", who=f"{HEBREW}\u202e", credit=words.money(5, locale))
    assert text.count(FSI) == text.count(PDI) == 1
    assert re.search(f"{FSI}(.*){PDI}", text)[1] == HEBREW  # type: ignore[index]
    assert not set(TURNS) - {FSI, PDI} & set(text)
    assert FSI not in words.t(locale, "answer-tokens", tokens=5)


def test_cells_of_a_drawn_table_stay_in_their_columns() -> None:
    """Two adjacent right-to-left cells would swap in a line of plain text."""
    (table,) = parse("| שם | מספר |\n|---|---|\n| דוד | אחד |")
    assert isinstance(table, Table)
    drawn = aligned(table, 60)
    assert drawn is not None
    head, _, row = drawn.splitlines()
    assert head == f"{FSI}שם{PDI}  │ {FSI}מספר{PDI}"
    assert row == f"{FSI}דוד{PDI} │ {FSI}אחד{PDI}"
    assert width(head.partition("│")[0]) == width(row.partition("│")[0])
