"""Tables where there are none: what is drawn as a list says what the table says."""

import pytest

from core.markdown.blocks import Paragraph, Table, parse, plain
from core.markdown.tables import as_list


def test_an_item_begins_with_its_first_cell_that_says_something() -> None:
    """A row without a first cell begins no item with an empty line."""
    (table,) = parse("| | A | B |\n|---|---|---|\n| | [x](https://x.y) | z |\n| r | | s |")
    assert isinstance(table, Table)
    as_lists = [
        plain(one.runs) for item in as_list(table).items for one in item.blocks if isinstance(one, Paragraph)
    ]
    assert as_lists == ["A: x\nB: z", "r\nB: s"]


@pytest.mark.parametrize("below", [" " * 500_000 + "- | x", "- | -" + " " * 500_000 + "x"])
def test_room_below_a_row_hangs_nobody(below: str) -> None:
    """That a line is none under a table's head is found at once, not beyond the limit of a test."""
    assert parse(f"| a | b |\n{below}")
