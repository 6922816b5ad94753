"""Tables drawn as lists, for chats without tables."""

import pytest

from core.markdown.blocks import Paragraph, Table, parse, plain
from core.markdown.tables import as_list


def test_an_item_begins_with_its_first_cell_that_says_something() -> None:
    """A row with an empty first cell begins no item with an empty line."""
    (table,) = parse("| | A | B |\n|---|---|---|\n| | [x](https://x.y) | z |\n| r | | s |")
    assert isinstance(table, Table)
    as_lists = [
        plain(one.runs) for item in as_list(table).items for one in item.blocks if isinstance(one, Paragraph)
    ]
    assert as_lists == ["A: x\nB: z", "r\nB: s"]


@pytest.mark.parametrize("below", [" " * 500_000 + "- | x", "- | -" + " " * 500_000 + "x"])
def test_blanks_below_a_row_are_read_quickly(below: str) -> None:
    """A line of blanks is found to be no table rule within the test's time limit."""
    assert parse(f"| a | b |\n{below}")
