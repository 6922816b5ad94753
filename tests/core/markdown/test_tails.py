"""The unfinished end of a growing text is shown as it will look, never as raw Markdown."""

import re
import time

import pytest
from hypothesis import given, settings

from core.markdown.blocks import (
    Block,
    Code,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    clean,
    parse_pieces,
    plain,
)
from core.markdown.tails import complete, completed
from tests.core.markdown.made_markdown import DOCUMENTS, EXAMPLES

ANSWER = r"""Here is **a plan** for `x < 1` and \(a_1^2\):
- **First:** see [the page](https://example.org/a_(b)) *now*
- second ~~no~~ yes
  1. inner **bold `code` bold**
  2. last

| Name | **Value** |
|------|----------:|
| `a`  | *1*       |

\[
x = \frac{1}{2}
\]

---

> quoted ***both***

```python
x = "**not bold"
```
The end."""


@pytest.mark.parametrize(
    ("tail", "shown"),
    [
        ("Some **bold", "Some **bold**"),
        ("Some **bold*", "Some **bold**"),
        ("Some **", "Some"),
        ("***both", "***both***"),
        ("**`code", "**`code`**"),
        ("a `", "a"),
        ("a ``b ` c", "a ``b ` c``"),
        ("~~gone~", "~~gone~~"),
        ("see [text](https://a.b/x_(y", "see text"),
        ("![alt](", "alt"),
        ("Here:\n-", "Here:"),
        ("Here:\n- ", "Here:"),
        ("- a\n- [x", "- a"),
        ("1. a\n2", "1. a"),
        ("Here:\n``", "Here:"),
        ("| a | b", "| a | b\n|---|---|"),
        ("Here:\n| a | b |\n|--", "Here:\n| a | b |\n|---|---|"),
        (r"\(x^2", r"\(x^2\)"),
        ("\\[\nx = \\", "\\[\nx = \\]"),
        ("\\[\nx = 2\\in", "\\[\nx = 2\\]"),
        ("\\[\n\\frac{1}{2}x_\\alph", "\\[\n\\frac{1}{2}x\\]"),
        ("\\[\n\\int_{0", "\\[\n\\int_{0}\\]"),
        ("So \\[", "So"),
        ("\\[\n\\fr", ""),
        ("So $$\n", "So"),
        ("> [!WARN", ""),
        ("So\n> [!WARNING", "So"),
        ("> [!WARNING]", "> [!WARNING]"),
        ("中文**加粗", "中文**加粗**"),
        ("*Note 2*3 =", "*Note 2*3 =*"),
        ("Use the **`", "Use the"),
        ("*a **b**`", "*a **b***"),
        (r"\[ S = \{1, 2", r"\[ S = \{1, 2\]"),
        (r"$$ \left\{\frac{1", r"$$ \left\{\frac{1}$$"),
        ("The end: ||the **but", "The end: ||the **but**||"),
        ("**||the but", "**||the but**||"),
        ("||gone|", "||gone||"),
        ("The end: ||", "The end:"),
        ("||gone|| and *so", "||gone|| and *so*"),
        ("|a|b", "|a|b\n|---|---|"),
        (r"So $x^2 + \fr", r"So $$x^2 + $$"),
        (r"costs $5, ($\frac{1}{2", r"costs $5, ($$\frac{1}{2}$$"),
        (r"So $\al", "So"),
        (r"\begin{ali", ""),
        ("So\n\\begin{align}", "So"),
        ("\\begin{align}\nx &= \\frac{1}{2} \\", "\\begin{align}\nx &= \\frac{1}{2} \\end{align}"),
    ],
)
def test_what_is_half_written_is_completed_or_waits(tail: str, shown: str) -> None:
    """Styles, code, formulas and tables are closed; partial links and line beginnings wait."""
    assert complete(tail) == shown


@pytest.mark.parametrize(
    "tail",
    [
        "2 * 3",
        "2*3 and",
        "snake_case",
        "costs $5",
        "- [ ] task",
        "**a** *b* `c` ~~d~~",
        "a || b",
        "[1, 2",
        "a ~ b",
        "10*5 = 50 and 2*3",
        "|x - 2| < 5 means",
        "|x| + |y|",
        "||gone|| and",
        "|",
        "`a ||b`",
        r"`cd $X\y`",
        r"$\alpha$ and",
        "\\begin{align}\nx\n\\end{align}\nand",
    ],
)
def test_what_is_no_markup_is_left_alone(tail: str) -> None:
    """Text that only resembles markup is shown unchanged."""
    assert complete(tail) == tail


def test_a_line_that_has_ended_is_no_stub() -> None:
    """A number on its own line is shown once the line has ended."""
    assert complete("The answer:\n42\n") == "The answer:\n42"


def text_of(block: Block) -> str:
    match block:
        case Paragraph(runs) | Heading(_, runs):
            return plain(runs)
        case List(items):
            return "\n".join(map(text_of, items))
        case Quote(blocks) | Item(blocks):
            return "\n".join(map(text_of, blocks))
        case Table(_, head, rows):
            return "\n".join(plain(cell) for row in (head, *rows) for cell in row)
        case Code(text):
            return text.replace("*", "")
        case Rule():
            return ""


def test_no_truncation_shows_raw_markup() -> None:
    """An answer cut at any position shows none of its markup."""
    for end in range(1, len(ANSWER)):
        pieces = completed(ANSWER[:end], parse_pieces(ANSWER[:end]))
        shown = "\n".join(text_of(piece.block) for piece in pieces)
        assert not re.search(r"[*`~|\\$]|\]\(|-{2}|^-", shown), (end, shown)


def letters(pieces: list[Block]) -> str:
    return "".join(re.findall(r"[^\W_]", "".join(map(text_of, pieces))))


def assert_nothing_is_lost(source: str) -> None:
    pieces = parse_pieces(source)
    raw, shown = (letters([piece.block for piece in some]) for some in (pieces, completed(source, pieces)))
    assert raw.startswith(shown)
    assert len(raw) - len(shown) <= 3 or "](" in source.rpartition("\n")[2], source[-80:]


# Formulas and entities are written with other letters, and code keeps what else would be markup.
_PLAINER = str.maketrans("", "", "$\\&`")


@settings(max_examples=40)
@given(DOCUMENTS)
def test_nothing_that_was_there_is_lost(source: str) -> None:
    """The end of any text is shown, except unfinished addresses and numbers."""
    source = clean(source).translate(_PLAINER)
    for end in range(1, len(source), len(source) // 20 + 1):
        assert_nothing_is_lost(source[:end])


@pytest.mark.parametrize("start", range(0, len(EXAMPLES), 100))
def test_nothing_of_the_specification_is_lost(start: int) -> None:
    """The same for its examples, cut anywhere."""
    for source in EXAMPLES[start : start + 100]:
        for end in range(1, len(source) + 1):
            assert_nothing_is_lost(clean(source[:end]).translate(_PLAINER))


@pytest.mark.parametrize(
    "source",
    [
        *("**a " * 5000, "[a](" * 5000, "[a](b(" * 3000, "\\(a" * 5000, "`a " * 5000, "|a" * 5000),
        *("||a " * 5000, "$\\a " * 5000, "\\begin{align}\\end{gather}\n" * 600, "1*" * 8000, "|" * 16_000),
    ],
)
def test_hostile_ends_are_harmless(source: str) -> None:
    """Endless openings take no longer than other text."""
    begin = time.process_time()
    complete(source)
    assert time.process_time() - begin < 1


def test_endless_backslashes_are_read_quickly() -> None:
    """A formula of nothing but backslashes is completed within the test's time limit."""
    source = "$$x " + "\\" * 300_000 + "!"
    assert completed(source, parse_pieces(source))
