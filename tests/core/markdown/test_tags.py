"""HTML that models write is interpreted if it is short and complete, else shown."""

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
def test_tags_are_styles(source: str, run: Run) -> None:
    """Tags with a Markdown equivalent mean that; attributes are ignored, except the address of a link."""
    assert parse(source) == (Paragraph((run,)),)


def test_what_stands_in_a_block_of_html_is_markdown() -> None:
    """Tags around a distant block, and comments, leave nothing behind."""
    source = "<details>\n<summary>More</summary>\n\nHidden **text**.\n\n</details>\n\n<!-- a\nb -->\n\nEnd"
    assert text_of(source) == "More\nHidden text.\nEnd"


@pytest.mark.parametrize("inside", ["x", "\nx\n", "<p>x</p>"])
def test_a_summary_has_its_own_line(inside: str) -> None:
    """The content of `<details>` begins below its summary, also if all is on one line."""
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
    """Types, names in angle brackets, unclosed and unknown tags are shown."""
    assert text_of(text) == text


def test_code_keeps_its_tags() -> None:
    """Tags in code are text."""
    assert parse("`<b>x</b>`") == (Paragraph((Run("<b>x</b>", Mark.CODE),)),)
    assert parse("```html\n<b>x</b> <!-- y -->\n```") == (Code("<b>x</b> <!-- y -->", "html"),)


@pytest.mark.parametrize(
    "source", [("<div>" + " " * 16) * 40 + "x", "<td>" + " " * 500_000 + "x", "<!--" + "\t" * 500_000 + "x"]
)
def test_blanks_around_tags_are_read_quickly(source: str) -> None:
    """Distant tags, and endless blanks after one, are parsed within the test's time limit, as nobody else is
    answered meanwhile."""
    assert parse(source)
