"""Rich messages: the Bot API accepts every page of every answer, and its text is complete."""

import pytest

from bots.telegram.pages import Pages
from tests.adapters.telegram.test_markup_pages import SAMPLE
from tests.core.markdown.made_markdown import EXAMPLES
from tests.standins.telegram.rich import Reading


def read(markdown: str) -> list[str]:
    """The words of each page, judged by the rules of the Bot API."""
    pages = Pages(rich=True).draw(markdown, "A note.", "Small print")
    return [Reading().message({"blocks": list(page.blocks)}) for page in pages]


def test_every_truncation_is_sound() -> None:
    """Each page of an answer can be sent, however far it has grown."""
    for end in range(1, len(SAMPLE)):
        assert read(SAMPLE[:end])


def test_the_examples_of_the_specification_are_sound() -> None:
    """Any Markdown can be sent."""
    for example in EXAMPLES:
        assert read(example)


@pytest.mark.parametrize("unit", ["word ", "- item\n", "> > > quote\n\n", "```\ncode\n```\n\n", "# Title\n\n"])
def test_long_answers_take_several_pages(unit: str) -> None:
    """No page exceeds 32,768 characters or 500 blocks, and no word is lost."""
    count = 40_000 // len(unit)
    pages = read(unit * count)
    assert len(pages) > 1
    word = unit.strip("->#` \n").split("\n")[0]
    assert sum(page.count(word) for page in pages) == count
    assert pages[-1].endswith("A note.\nSmall print")


def test_wide_tables_become_lists() -> None:
    """Telegram's tables have at most twenty columns."""
    table = "|".join("abcdefghijklmnopqrstuvwxyz")
    page = read(f"{table}\n{'|'.join('-' * 26)}\n{table.upper()}\n")
    assert "Z" in page[0]
