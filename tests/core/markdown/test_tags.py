"""HTML that models write is understood where it is short and whole, and shown where it is not."""

import pytest

from core.markdown.blocks import Code, Mark, Paragraph, Run, parse, plain


def text_of(source: str) -> str:
    return "\n".join(plain(block.runs) for block in parse(source) if isinstance(block, Paragraph))


@pytest.mark.parametrize(
    ("source", "run"),
    [
        ("<b>x</b>", Run("x", Mark.BOLD)),
        ('<STRONG class="a">x</STRONG>', Run("x", Mark.BOLD)),
        ("<i>x</i>", Run("x", Mark.ITALIC)),
        ("<del>x</del>", Run("x", Mark.STRIKE)),
        ("<kbd>x</kbd>", Run("x", Mark.CODE)),
        ("<b>*x*</b>", Run("x", Mark.BOLD | Mark.ITALIC)),
        ("<u><small>x</small></u>", Run("x")),
        ('<a href="https://a.b" onclick="x()">x</a>', Run("x", 0, "https://a.b")),
        ("H<sub>2</sub>O", Run("H₂O")),
        ("x<sup>n+1</sup>", Run("xⁿ⁺¹")),
        ("Brand<sup>®</sup>", Run("Brand®")),
        ("a<!-- hidden -->b", Run("ab")),
        ('<p align="center">\n  <b>x</b>\n</p>', Run("x", Mark.BOLD)),
        ("<details>\n<summary>x</summary>\n", Run("x", Mark.BOLD)),
        ("<p>a</p>\n<p>b</p>", Run("a\nb")),
        ("<p>a</p><p>b</p>", Run("a\nb")),
        ("a <div>b</div> c", Run("a \nb\nc")),
    ],
)
def test_tags_are_looks(source: str, run: Run) -> None:
    """Tags that have a meaning in Markdown have that; attributes say nothing, but for the address of a link."""
    assert parse(source) == (Paragraph((run,)),)


def test_what_stands_in_a_block_of_html_is_markdown() -> None:
    """Tags that begin and end a block far from each other, and comments, leave nothing behind."""
    source = "<details>\n<summary>More</summary>\n\nHidden **text**.\n\n</details>\n\n<!-- a\nb -->\n\nEnd"
    assert text_of(source) == "More\nHidden text.\nEnd"


@pytest.mark.parametrize("inside", ["x", "\nx\n", "<p>x</p>"])
def test_a_summary_has_its_own_line(inside: str) -> None:
    """What is folded away begins below its summary, also where a model writes all of it on one line."""
    (paragraph,) = parse(f"<details><summary>More</summary>{inside}</details>")
    assert isinstance(paragraph, Paragraph)
    assert plain(paragraph.runs) == "More\nx"


@pytest.mark.parametrize(
    "text",
    [
        "<T> and Vec<T>, List<String>, Map<a, b>, Vec<b>",
        "use the <b> tag, then </i>",
        "<b>one <i>two<b>",
        '<a href="javascript:alert(1)">x</a>',
        "<script>alert(1)</script>",
        '<img src="https://a.b/c.png" onerror="x()">',
        "<p> begins a paragraph",
        "<think>\nwell\n</think>",
        "<table><tr><td>1</td></tr></table>",
        "<your-name>",
    ],
)
def test_other_tags_are_text(text: str) -> None:
    """Types, names in angle brackets, tags without their other end and tags nobody asked for are shown."""
    assert text_of(text) == text


def test_code_keeps_its_tags() -> None:
    """Nothing in code is a tag."""
    assert parse("`<b>x</b>`") == (Paragraph((Run("<b>x</b>", Mark.CODE),)),)
    assert parse("```html\n<b>x</b> <!-- y -->\n```") == (Code("<b>x</b> <!-- y -->", "html"),)


@pytest.mark.parametrize(
    "source", [("<div>" + " " * 16) * 40 + "x", "<td>" + " " * 500_000 + "x", "<!--" + "\t" * 500_000 + "x"]
)
def test_room_around_tags_hangs_nobody(source: str) -> None:
    """Tags far apart, and room without end behind one, are read at once, not beyond the limit of a test: nobody
    else is answered meanwhile."""
    assert parse(source)
