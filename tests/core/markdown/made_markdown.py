"""Markdown for tests: the specification's examples, and documents as models write them, made at random.

The blocks of documents are made once, with a fixed seed; Hypothesis only chooses among them, which
costs little and shrinks to few blocks.
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st

from core.pages import Pager, Renderer

P = TypeVar("P")

EXAMPLES: tuple[str, ...] = tuple(
    json.loads((Path(__file__).parent / "commonmark.json").read_text("utf-8"))["examples"]
)

_WORDS = r"""
    the a_b snake_case_name Vec<T> <T> $5 $x^2$ naïve ümläut שלום 日本語 👩‍👩‍👧 🇩🇪🇫🇷 é @everyone <@123>
    #tag \* 1. - # > || || ~~ ** ` & &amp; https://example.org/a_b?c=d&e=f word words https:// [x] (y) ! :)
    \(a_b\) supercalifragilistic 1,000.50 C++ x|y [home] $$\frac{a}{b}$$ <br>
    """.split()  # noqa: SIM905
_dice = random.Random(7)


def paginate(markdown: str, renderer: Renderer[P], note: str = "", footer: str = "") -> tuple[P, ...]:
    """The pages of a text that does not grow."""
    return Pager(renderer).pages(markdown, note, footer)


def _plain(most: int = 12) -> str:
    return " ".join(_dice.choices(_WORDS, k=_dice.randint(1, most)))


_INLINE: tuple[Callable[[], str], ...] = (
    _plain,
    lambda: f"**{_plain()}**",
    lambda: f"*{_plain()}*",
    lambda: f"~~{_plain(4)}~~",
    lambda: f"||{_plain(4)}||",
    lambda: f"`{_plain(4).replace('`', '')} `",
    lambda: f"[{_plain(4).replace('[', '(')}](https://example.org/{_dice.randint(1, 99)})",
    lambda: "[bad](javascript:alert(1))",
    lambda: "![picture](https://example.org/p.png)",
)


def _inline() -> str:
    return " ".join(_dice.choice(_INLINE)() for _ in range(_dice.randint(1, 6)))


def _lines() -> str:
    return "\n".join(_inline() for _ in range(_dice.randint(1, 4)))


def _code() -> str:
    makers = (_plain, lambda: f"    {_plain()}", lambda: "", lambda: "\tx = 1", lambda: "z" * 300)
    lines = "\n".join(_dice.choice(makers)() for _ in range(_dice.randint(0, 25)))
    return f"````{_dice.choice(('', 'python', 'c++', 'weird lang'))}\n{lines}\n````"


def _table() -> str:
    rows = [[_plain(6).replace("|", "/") for _ in range(3)] for _ in range(_dice.randint(0, 15))]
    return "\n".join(["| a | b | c |", "|---|:-:|--:|", *(f"| {' | '.join(row)} |" for row in rows)])


def _moved_in(text: str, pad: str) -> str:
    return "\n".join(pad + line if line else line for line in text.split("\n")).lstrip(" ")


def _container(depth: int) -> str:
    parts = [_block(depth - 1) for _ in range(_dice.randint(1, 4))]
    match _dice.randint(1, 4):
        case 1:
            return "\n".join("- " + _moved_in(part, "  ") for part in parts)
        case 2:
            return "\n".join(f"{at}. " + _moved_in(part, "   ") for at, part in enumerate(parts, 3))
        case 3:
            return "\n".join(f"* [{_dice.choice(' x')}] " + _moved_in(part, "  ") for part in parts)
    return "\n".join(f"> {line}" for line in "\n\n".join(parts).split("\n"))


def _block(depth: int) -> str:
    if depth and _dice.random() < 0.5:
        return _container(depth)
    makers = (_lines, _lines, _code, lambda: f"{'#' * _dice.randint(1, 6)} {_inline()}", lambda: "---")
    return _dice.choice(makers)()


_BLOCKS = (
    *(_block(_dice.choice((0, 1, 2, 3))) for _ in range(300)),
    *(_table() for _ in range(30)),
    *(
        "[home]: https://example.org",
        "Notes[^1] and others[^2].",
        "[^1]: A note.\n\n    Its second paragraph.",
        "<div>\n<T>\n</div>",
    ),
)
DOCUMENTS = st.lists(st.sampled_from(_BLOCKS), min_size=1, max_size=8).map("\n\n".join)
# Text without any sense, made of what has a meaning in Markdown.
NOISE = st.text(alphabet="`*_~|#>-+1.) \n\t[]()<>$\\&!:aé😀\u0301\u200d", max_size=1200)
