"""Any text becomes blocks in which every visible character occurs once."""

import re
import time
from typing import Any

import pyromark
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.markdown.blocks import (
    Block,
    Code,
    Heading,
    Item,
    List,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    clean,
    parse,
    parse_pieces,
    plain,
)
from core.markdown.cuts import untabled
from tests.core.markdown.made_markdown import DOCUMENTS, EXAMPLES, NOISE


def text_of(block: Block) -> str:
    """What a block says, without its looks."""
    match block:
        case Paragraph(runs) | Heading(_, runs):
            return plain(runs) + "\n"
        case Code(text):
            return text + "\n"
        case List(items):
            return "".join(map(text_of, items))
        case Quote(blocks) | Item(blocks):
            return "".join(map(text_of, blocks))
        case Table(_, head, rows):
            return "\n".join(plain(cell) for row in (head, *rows) for cell in row) + "\n"
        case Rule():
            return ""


def seen_in_browser(markdown: str) -> str:
    """The same, from the parser's events alone, raw HTML shown as text."""
    events: list[dict[str, Any]] = [
        dict(event) for event in pyromark.events(markdown, options=_OPTIONS) if isinstance(event, dict)
    ]
    shown = ("Text", "Code", "InlineHtml", "Html")
    return "".join(text for event in events for name, text in event.items() if name in shown)


_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH


# Tags that are understood where both their ends are there, and comments, which nobody sees.
_TAGS = re.compile(
    r"<!---?>|<!--.*?-->|</?(?:br|b|strong|mark|summary|i|em|s|del|code|kbd|u|small|sub|sup|a|p|div|details|center)"
    r"(?=[\s/>])[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)


def letters(text: str) -> str:
    return "".join(re.findall(r"\w", _TAGS.sub("", text)))


def test_every_example_of_the_specification_keeps_its_text() -> None:
    """The text of CommonMark's examples is in the blocks: nothing lost, nothing repeated."""
    for source in EXAMPLES:
        parsed = letters("".join(map(text_of, parse(source))))
        expected = letters(seen_in_browser(source))
        if "![" in source:  # a picture without words shows its address
            assert expected in parsed or set(expected) <= set(parsed), source
        else:
            assert parsed == expected, source


@settings(max_examples=100)
@given(NOISE)
def test_noise_never_raises(source: str) -> None:
    """Any text can be parsed."""
    parse(source)


@settings(max_examples=60)
@given(DOCUMENTS)
def test_documents_keep_their_letters(source: str) -> None:
    """Texts as models write them are complete."""
    assume(not re.search(r"^[\s>\-\d.]*~{3,}", source, re.M))  # opens a fence; what follows names its language
    parsed = letters("".join(map(text_of, parse(source))))
    for word in ("snake_case_name", "supercalifragilistic", "日本語", "שלום"):
        assert parsed.count(word) == source.count(word)


@settings(max_examples=60)
@given(st.one_of(DOCUMENTS, NOISE, st.sampled_from(EXAMPLES)))
def test_blocks_are_the_same_without_their_places(source: str) -> None:
    """A growing text is parsed with positions, a complete one without: the blocks do not change at the end."""
    assert parse(source) == tuple(piece.block for piece in parse_pieces(clean(source)))


@settings(max_examples=60)
@given(st.one_of(DOCUMENTS, NOISE), st.sampled_from(["", "> ", "- ", "[^1]: a\n\n    "]))
def test_pieces_say_whether_they_hold_a_table(source: str, opening: str) -> None:
    """Only pieces with tables get the work for tables."""
    table = "| a |\n|---|\n".replace("\n", "\n    ")
    for piece in parse_pieces(clean(f"{source}\n\n{opening}{table}\n\n{source}")):
        assert piece.has_table or untabled(piece.block) is piece.block


def test_styles_links_and_tasks() -> None:
    """Styles combine, links keep their address, pictures become links, checkboxes are kept."""
    (paragraph, todo) = parse("**b *i* `c`** ~~s~~ [l](http://x) ![p](http://y)\n\n- [x] done\n- [ ] open")
    assert paragraph == Paragraph(
        (
            Run("b ", 1),
            Run("i", 3),
            Run(" ", 1),
            Run("c", 9),
            Run(" "),
            Run("s", 4),
            Run(" "),
            Run("l", 0, "http://x"),
            Run(" "),
            Run("p", 0, "http://y"),
        )
    )
    assert isinstance(todo, List)
    assert [item.checked for item in todo.items] == [True, False]


def test_spoilers_hide_whatever_looks_they_hold() -> None:
    """Text between two double bars is hidden, with its styles; bars in code are code."""
    (paragraph,) = parse("The end: ||the **butler** `a||b` did it||, a || b, `||x||` and ||more||.")
    assert isinstance(paragraph, Paragraph)
    hidden = "".join(run.text for run in paragraph.runs if run.marks & Mark.SPOILER)
    assert hidden == "the butler a||b did itmore"
    assert text_of(paragraph) == "The end: the butler a||b did it, a || b, ||x|| and more.\n"


def test_a_line_below_an_items_text_stays_below_it() -> None:
    """Blocks of a tight list item keep their order."""
    (block,) = parse("- text\n  ***\n- more")
    assert isinstance(block, List)
    assert block.items[0].blocks == (Paragraph((Run("text"),)), Rule())


def test_notes_are_numbers_in_brackets() -> None:
    """A footnote and its reference have its label, also before its text has come."""
    assert text_of(parse("So[^1].\n\n[^1]: Because.")[0]) == "So[1].\n"
    assert text_of(parse("So[^1].\n\n[^1]: Because.")[1]) == "[1] Because.\n"
    assert text_of(parse("So[^1].")[0]) == "So[1].\n"


@pytest.mark.parametrize(
    "text",
    [
        "$5-$10",
        "$5 for a_b or c_d, and $6",
        "from $3 to $4",
        "US$5 and US$7",
        "costs $5.",
        "Vec<T>",
        "a || b || c",
        "<T> and <U>",
    ],
)
def test_what_is_no_markup_stays(text: str) -> None:
    """Prices, type parameters and operators are text."""
    assert text_of(parse(text)[0]).strip() == text


@pytest.mark.parametrize("source", ["a\r\nb", "a\rb", "a\x00\nb", "a\ud83d\nb"])
def test_text_that_no_chat_takes_is_cleaned(source: str) -> None:
    """Control characters and lone surrogates are removed, line endings unified."""
    assert re.fullmatch("a\ufffd?\nb", clean(source))


@pytest.mark.parametrize(
    "source",
    [
        ">" * 50_000,
        "- " * 50_000,
        "[" * 50_000,
        "*a " * 30_000,
        "`" * 100_000,
        "a" * 100_000,
        "||a" * 30_000,
        "||a|| " * 15_000,
        "$" * 50_000,
        "\\(a" * 30_000,
        "<" * 50_000,
        "1. " * 30_000,
        "[a](" * 20_000,
        "|a" * 5_000 + "\n" + "|-" * 5_000,
        "\n".join(f"{'  ' * depth}- x" for depth in range(300)),
    ],
    ids=lambda source: source[:6],
)
def test_hostile_text_is_read_quickly(source: str) -> None:
    """Endless nesting and repetition neither raise nor hang."""
    begin = time.process_time()
    parse(source)
    assert time.process_time() - begin < 5
