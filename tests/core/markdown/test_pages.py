"""A text of any length becomes pages that fit, each complete in itself, together the whole text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.discord.markup import DiscordRenderer
from core.markdown.blocks import Block
from core.pages import Pager, shorten, utf16_length
from tests.core.markdown.made_markdown import paginate

CODE = "```python\n" + "\n".join(f"    line_{number} = {number}" for number in range(300)) + "\n```"
TABLE = "| name | value |\n|---|---:|\n" + "\n".join(f"| row {number} | {number} |" for number in range(200))
LIST = "\n".join(f"{number}. item number {number} with *some* text" for number in range(1, 200))
WORDS = " ".join(f"word{number}" for number in range(1500))
SAMPLES = {
    "code": CODE,
    "table": TABLE,
    "list": LIST,
    "words": WORDS,
    "all": "\n\n".join([WORDS, CODE, TABLE, LIST]),
}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def assert_whole(page: str) -> None:
    """A page that is well-formed by itself: it fits, it says something, its fences are closed."""
    assert 0 < units(page) <= 2000
    assert len(re.findall(r"^```", page, re.MULTILINE)) % 2 == 0


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_lost_over_pages(name: str) -> None:
    """Every word and every line of code is on a page, once and in order."""
    source = SAMPLES[name]
    pages = paginate(source, DiscordRenderer())
    for page in pages:
        assert_whole(page)
    pattern = r"line_\d+ = \d+|word\d+|row \d+|item number \d+"
    assert re.findall(pattern, "\n".join(pages)) == re.findall(pattern, source)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_page_is_a_stub(name: str) -> None:
    """All pages but the last are well filled."""
    pages = paginate(SAMPLES[name], DiscordRenderer())
    assert all(units(page) > 1000 for page in pages[:-1])


def test_tables_repeat_their_header_and_code_its_language() -> None:
    """A part that continues on the next page repeats them."""
    assert all("name" in page for page in paginate(TABLE, DiscordRenderer()))
    assert all(page.startswith("```python") for page in paginate(CODE, DiscordRenderer()))


@pytest.mark.parametrize("name", SAMPLES)
def test_finished_pages_do_not_change_while_the_text_grows(name: str) -> None:
    """Growth only changes the last page, or adds one; it ends as the whole text does. Less than a page is
    parsed again for each show, but for paragraphs that are longer."""
    source, pager = SAMPLES[name], Pager(DiscordRenderer())
    before: tuple[str, ...] = ()
    for end in range(100, len(source) + 100, 97):
        pages = pager.pages_so_far(source[:end])
        assert len(source[:end]) - pager._place.offset < 2000 or WORDS in source
        assert pages[: max(0, len(before) - 1)] == before[: max(0, len(before) - 1)]
        before = pages
    assert re.findall(r"\w+", "".join(before)) == re.findall(
        r"\w+", "".join(paginate(source, DiscordRenderer()))
    )


@pytest.mark.parametrize("text", ["<T>", "Vec<T>", "a_b_c", "$5 and $6", "ümläut", "👩‍👩‍👧", "שלום", "e\u0301"])
def test_every_visible_character_survives(text: str) -> None:
    """Text that only looks like markup is shown as written."""
    page = "".join(paginate(f"Say {text} now", DiscordRenderer()))
    assert text in page.replace("\\", "").replace("\u200b", "")


@settings(max_examples=80)
@given(st.text(alphabet="`*_~|#>-1. \n[]()<>$\\abcé😀", max_size=3000))
def test_anything_becomes_pages(source: str) -> None:
    """No input raises, and no page is over the limit."""
    for page in paginate(source, DiscordRenderer()):
        assert units(page) <= 2000


@pytest.mark.parametrize(
    "source", ["[" * 20_000, "`" * 20_000, "> " * 5_000, "a" * 50_000, "* " * 5_000, "<" * 20_000]
)
def test_hostile_input_is_harmless(source: str) -> None:
    """Deep nesting and endless runs neither raise nor take long."""
    for page in paginate(source, DiscordRenderer()):
        assert units(page) <= 2000


@pytest.mark.parametrize("prefix", ["", "> ", "  ", ">   "], ids=["alone", "quote", "list", "list-in-quote"])
@pytest.mark.parametrize(("columns", "words"), [(2, 300), (25, 12), (80, 6)])
def test_a_table_with_too_much_of_a_header_is_whole(prefix: str, columns: int, words: int) -> None:
    """A table whose header does not fit a page, or with too many columns, is shown differently and loses no
    cell, also in a quote or a list; and it does not take dozens of pages."""
    rows = [
        " | ".join(f"head{column}z" + " word" * words for column in range(columns)),
        "|".join(["---"] * columns),
        " | ".join(f"cell{column}z" for column in range(columns)),
    ]
    start = {"  ": "- see\n\n", ">   ": "> - see\n>\n"}.get(prefix, "")
    pages = paginate(start + "\n".join(f"{prefix}| {row} |" for row in rows), DiscordRenderer())
    for page in pages:
        assert_whole(page)
    text = re.sub(r"\s|^[> ]+", "", "".join(pages), flags=re.MULTILINE)
    assert all(f"{what}{column}z" in text for what in ("head", "cell") for column in range(columns))
    assert len(pages) <= len("".join(rows)) // 1000 + 2


@pytest.mark.parametrize("lines", [53, 60, 100])
def test_a_page_is_filled_with_part_of_an_items_code(lines: int) -> None:
    """An item's code is cut where the page is full, not before: a list marker alone is no page."""
    code = "".join(f"   print({number})  # some longer comment here\n" for number in range(lines))
    pages = paginate(f"1. First\n\n   ```python\n{code}   ```\n", DiscordRenderer())
    assert all(units(page) > 1800 for page in pages[:-1])
    assert "".join(re.findall(r"print\(\d+\)", "".join(pages))) == "".join(re.findall(r"print\(\d+\)", code))


def test_a_cut_is_found_with_few_drawings() -> None:
    """Rendering is the main cost of an answer: a long text in a list is not rendered again and again to find
    the cut."""
    drawn: list[str] = []

    class Counting(DiscordRenderer):
        def draw(self, block: Block) -> str:
            drawn.append(super().draw(block))
            return drawn[-1]

    text = f"- one\n- two\n\n  > {WORDS}\n- three\n"
    paginate(text, Counting())
    assert sum(map(len, drawn)) < 3.5 * len(text)


def test_a_text_is_not_cut_within_a_grapheme() -> None:
    """What is displayed as one character is there as a whole, or not at all, and within the limit."""
    for sign in ("👨\u200d👩\u200d👧\u200d👦", "🇩🇪", "e\u0301", "👍🏽"):
        for units in range(16, 40):
            text = shorten("ab" + sign * 20, units)
            assert utf16_length(text) <= units
            assert text.removeprefix("ab").removesuffix("…").replace(sign, "") == ""
    assert shorten("ab", 0) == ""
