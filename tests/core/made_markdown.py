"""Markdown for tests: the specification's examples, and documents as models write them, made at random."""

import json
from pathlib import Path

from hypothesis import strategies as st

EXAMPLES: tuple[str, ...] = tuple(
    json.loads((Path(__file__).parent / "commonmark.json").read_text("utf-8"))["examples"]
)

_TEXT = """
    the a_b snake_case_name Vec<T> <T> $5 $x^2$ naïve ümläut שלום 日本語 👩‍👩‍👧 🇩🇪🇫🇷 e\u0301 @everyone <@123>
    #tag \\* 1. - # > || || ~~ ** ` & &amp; https://example.org/a_b?c=d&e=f word words https:// [x] (y) ! :)
    \\(a_b\\) supercalifragilistic 1,000.50 C++ x|y
"""
_WORDS = st.sampled_from(_TEXT.split())
_PLAIN = st.lists(_WORDS, min_size=1, max_size=12).map(" ".join)


def _inline() -> st.SearchStrategy[str]:
    piece = st.one_of(
        _PLAIN,
        _PLAIN.map(lambda text: f"**{text}**"),
        _PLAIN.map(lambda text: f"*{text}*"),
        _PLAIN.map(lambda text: f"~~{text}~~"),
        _PLAIN.map(lambda text: f"||{text}||"),
        _PLAIN.map(lambda text: f"`{text.replace('`', '')} `"),
        _PLAIN.map(lambda text: f"[{text}](https://example.org/{len(text)})"),
        st.just("[bad](javascript:alert(1))"),
        st.just("![picture](https://example.org/p.png)"),
    )
    return st.lists(piece, min_size=1, max_size=6).map(" ".join)


_LINES = st.lists(_inline(), min_size=1, max_size=4).map("\n".join)
_CODE_LINES = st.lists(
    st.one_of(
        _PLAIN, _PLAIN.map(lambda text: f"    {text}"), st.just(""), st.just("\tx = 1"), st.just("z" * 300)
    ),
    max_size=25,
).map("\n".join)
_CODE = st.tuples(st.sampled_from(["", "python", "c++", "weird lang`"]), _CODE_LINES).map(
    lambda pair: f"````{pair[0].replace('`', '')}\n{pair[1]}\n````"
)
_TABLE = st.lists(
    st.lists(_PLAIN.map(lambda text: text.replace("|", "/")), min_size=3, max_size=3), max_size=15
).map(lambda rows: "\n".join(["| a | b | c |", "|---|:-:|--:|", *(f"| {' | '.join(row)} |" for row in rows)]))
_HEADING = st.tuples(st.integers(1, 6), _inline()).map(lambda pair: f"{'#' * pair[0]} {pair[1]}")


def _indented(text: str, pad: str) -> str:
    return "\n".join(pad + line if line else line for line in text.split("\n"))


def _containers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blocks = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        blocks.map(lambda parts: "\n".join("- " + _indented(part, "  ").lstrip(" ") for part in parts)),
        blocks.map(
            lambda parts: "\n".join(
                f"{at}. " + _indented(part, "   ").lstrip(" ") for at, part in enumerate(parts, 3)
            )
        ),
        inner.map(lambda part: _indented(part.replace("\n\n", "\n>\n"), "> ")),
    )


_BLOCK = st.recursive(st.one_of(_LINES, _CODE, _HEADING, st.just("---")), _containers, max_leaves=6)
DOCUMENTS = st.lists(st.one_of(_BLOCK, _TABLE), min_size=1, max_size=8).map("\n\n".join)
# Text without any sense, made of what has a meaning in Markdown.
NOISE = st.text(alphabet="`*_~|#>-+1.) \n\t[]()<>$\\&!:aé😀\u0301\u200d", max_size=1200)
