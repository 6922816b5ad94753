"""An answer formatted in a terminal: the same however it grows, and complete."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.terminal.markup import TerminalRenderer
from bots.terminal.reply import TerminalReply
from core.answer import Answer, Phase
from core.markdown.blocks import (
    Block,
    Code,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    parse,
    plain,
)
from core.markdown.tables import width
from tests.adapters.terminal_screen import Terminal
from tests.core.markdown.made_markdown import DOCUMENTS, EXAMPLES, NOISE, paginate

_LOOKS = re.compile(r"\x1b\[[\d;]*m")
_FRAMES = re.compile(r"[\s│─┼\x7f-\x9f]")
_ONE_WORD = re.compile(r"(?:[│•◦▪☑☐]|\d+\.|\s)*\S*")


def meant(blocks: Sequence[Block], depth: int = 0) -> Iterator[str]:
    """What the blocks say here, in order; of tables only their cells, which may be said again."""
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(_, runs):
                yield _with_addresses(runs)
            case Code(text, language):
                yield from (language[:20], text)
            case Quote(inner, kind):
                yield kind
                yield from meant(inner, depth)
            case List(items, start):
                for at, item in enumerate(items):
                    mark = "•◦▪"[min(depth, 2)] if start is None else f"{start + at}."
                    yield mark if item.checked is None else "☑" if item.checked else "☐"
                    yield from meant(item.blocks, depth + (start is None))
            case Table(_, head, rows):
                head = head[1:] if rows else head  # in a list nothing stands before a row's first cell
                yield from (plain(cell) for row in (head, *rows) for cell in row)
            case Item() | Rule():
                pass


def _with_addresses(runs: Sequence[Run]) -> str:
    text = ""
    for link, group in groupby(runs, key=lambda run: run.link):
        words = plain(group)
        address = link.removeprefix("mailto:")
        is_shown = address != words and link.lower().startswith(("http://", "https://", "mailto:"))
        text += f"{words} ({address})" if is_shown else words
    return text


def has_table(blocks: Sequence[Block]) -> bool:
    return any(
        isinstance(block, Table)
        or has_table(block.items if isinstance(block, List) else getattr(block, "blocks", ()))
        for block in blocks
    )


def code_lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Code):
            yield from block.text.split("\n")
        yield from code_lines(block.items if isinstance(block, List) else getattr(block, "blocks", ()))


def lines_of(source: str, columns: int) -> list[str]:
    with Terminal(columns, 24).in_use():
        pages = paginate(source, TerminalRenderer(has_colour=True))
    return [_LOOKS.sub("", line) for page in pages for line in page]


def assert_said(source: str, columns: int) -> None:
    blocks, lines = parse(source), lines_of(source, columns)
    shown, expected = _FRAMES.sub("", "".join(lines)), _FRAMES.sub("", "".join(meant(blocks)))
    if has_table(blocks):
        assert Counter(expected) - Counter(shown) == Counter(), source
    else:
        assert shown == expected, source
    code = set(code_lines(blocks))
    for line in lines:
        assert width(line) < columns or line in code or _ONE_WORD.fullmatch(line), line


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_the_specification_s_examples(columns: int) -> None:
    """Every visible character is on the terminal, in order, within its width but for code and single words."""
    for source in EXAMPLES:
        assert_said(source, columns)


@settings(deadline=None, max_examples=60)
@given(DOCUMENTS | NOISE, st.sampled_from([20, 40, 80, 120]))
def test_any_answer(source: str, columns: int) -> None:
    """The same for answers as models write them, and for random text."""
    assert_said(source, columns)


MIXED = """# Title
Words.

- one

  more
  ```
  y
  ```
  1. two

> ## Head
> quoted

| a | b |
|---|---|
| 1 | 2 |
"""
DRAWN = """Title
Words.

• one

  more
{rule}
y
{rule}
  1. two

│ Head
│ quoted

a │ b
──┼──
1 │ 2"""


def test_what_belongs_together_stands_together() -> None:
    """A blank line is between blocks, but for headings, and for lists and code that belong to what is before
    them."""
    assert "\n".join(lines_of(MIXED, 60)) == DRAWN.format(rule="─" * 40)


def test_emoji_that_a_terminal_may_not_join() -> None:
    """A line fits the terminal even if it does not join emoji sequences."""
    for line in lines_of("👩‍👩‍👧 👍🏽 " * 30, 40):
        assert sum(map(width, line)) < 40


async def grown(terminal: Terminal, source: str, cuts: Sequence[int] = ()) -> Terminal:
    """The terminal after an answer that was shown at these places of it, too."""
    with terminal.in_use():
        reply = TerminalReply(terminal, io.StringIO())
        for cut in cuts:
            await reply.show(Answer(Phase.GROWING, text=source[:cut]))
        await reply.show(Answer(Phase.DONE, text=source))
    return terminal


@settings(deadline=None, max_examples=60)
@given(DOCUMENTS, st.sampled_from([20, 40, 80]), st.lists(st.floats(0, 1), max_size=12).map(sorted))
@example("```\n" + "漢" * 50 + "\n" + "a\t" * 20 + "\n```", 40, [0.4, 0.9])
async def test_however_it_grows(source: str, columns: int, shares: list[float]) -> None:
    """In the end the screen looks as if the answer had come at once."""
    cuts = [int(share * len(source)) for share in shares]
    once = await grown(Terminal(columns, 10_000), source)
    assert (await grown(Terminal(columns, 10_000), source, cuts)).rows == once.rows


TALL = "\n\n".join(
    [
        "\n".join(
            f"{at}. item{at} with **bold** words that go on for more than one line" for at in range(1, 20)
        ),
        "| name | what |\n|---|---|\n" + "\n".join(f"| row{at} | {'much ' * at} |" for at in range(1, 20)),
        "| who | what |\n|---|---|\n"
        + "\n".join(f"| who{at} | has four words here |" for at in range(1, 20))
        + "\n| somebody called who20 | has, too |",
        "```\n" + "\n".join(f"line{at}" for at in range(1, 20)) + "\n```",
        " ".join(f"word{at}" for at in range(1, 150)) + " [late] end",
        "[late]: https://example.org",
    ]
)


@pytest.mark.parametrize("step", [9, 100, 1000])
async def test_what_has_scrolled_away_is_not_lost(step: int) -> None:
    """A block that is taller than the terminal is there from beginning to end, once, even if it changes above
    the top."""
    terminal = await grown(Terminal(40, 10), TALL, range(1, len(TALL), step))
    found, wanted = (re.findall("(?:item|row|who|line|word)[0-9]+", text) for text in (terminal.text, TALL))
    assert list(dict.fromkeys(found)) == wanted
    assert len(found) - len(wanted) <= 1, "half a row may be said again"


async def test_code_is_copied_as_it_was_written() -> None:
    """Nothing precedes or follows a line of code; tabs and long lines stay."""
    code = "if x:\n\treturn " + "y" * 100
    inside = code.replace("\n", "\n   ")
    once = await grown(Terminal(40, 50), f"1. Do\n   ```make\n   {inside}\n   ```\n2. So")
    assert code in once.getvalue()
    quoted = await grown(Terminal(40, 50), "> ```\n> " + code.replace("\n", "\n> ") + "\n> ```")
    assert f"\n{code}\n" in quoted.getvalue()


async def test_styles_and_links() -> None:
    """Words have their styles, and a link its address after the text, once."""
    source = (
        "# A\n\n**b** *c* ~~d~~ `e` ***f*** [g](https://h.org/i) <https://j.org> [k](mailto:l@m.org) [n](o)"
    )
    terminal = await grown(Terminal(200, 20), source)
    assert terminal.text == "A\nb c d e f g (https://h.org/i) https://j.org k (l@m.org) n\n"
    looks = {"A": "1;4", "b": "1", "c": "3", "d": "9", "e": "35", "f": "1;3", "g": "", " (h": "2"}
    assert {words: terminal.look_of(words) for words in looks} == looks


async def test_a_window_of_another_size() -> None:
    """After a resize the open block is formatted again; finished ones stay."""
    terminal = Terminal(20, 20)
    source = "a quick brown fox jumps\n\nover a lazy dog and\n\nanother one that is"
    with terminal.in_use():
        reply = TerminalReply(terminal, io.StringIO())
        await reply.show(Answer(Phase.GROWING, text=source))
        terminal.columns = 40
    with terminal.in_use():
        await reply.show(Answer(Phase.DONE, text=f"{source} sleepy"))
    assert terminal.text == "a quick brown fox\njumps\n\nover a lazy dog and\n\nanother one that is sleepy\n"


@pytest.mark.parametrize("source", ["`x" + " " * 300_000 + "y" + " " * 300_000 + "`", "*a* " * 20_000])
def test_hostile_text_is_fast(source: str) -> None:
    """However many blanks or styles: formatted at once, within the test's time limit."""
    assert lines_of(source, 80)
