"""Runs of text, each of one look. Neighbours differ, none is empty."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import attrgetter
from typing import TypeAlias

from msgspec import Struct


class Mark:
    """How a run of text looks: numbers to add up. No enum, whose arithmetic would cost more than parsing."""

    NONE = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8
    SPOILER = 16
    TAG = 32  # HTML, until it is known what it means


class Run(Struct, frozen=True, gc=False):
    """Text of one look. A line break is a newline in it; `link` is the address as the author wrote it."""

    text: str
    marks: int = Mark.NONE
    link: str = ""


Runs: TypeAlias = tuple[Run, ...]
link_of = attrgetter("link")

_STOP = r"\s<>\"“”„«»‹›、。，；：！？…（）「」『』【】《》〈〉"
_LAST = r".,:;!?'’*_~|`\]"  # within an address, but not its last
# A bare address in a text, without what ends the sentence, the quotation or the bracket that it stands in.
ADDRESS = re.compile(
    rf"https?://(?:[^{_STOP}{_LAST}()]|\([^{_STOP}()]*\)|[{_LAST}]++(?=[^{_STOP}{_LAST}()]|\([^{_STOP}()]*\)))+",
    re.IGNORECASE,
)


def plain(runs: Iterable[Run]) -> str:
    """The runs without their looks."""
    return "".join([run.text for run in runs])


def one_line(runs: Runs) -> Runs:
    """The runs without line breaks."""
    for run in runs:
        if "\n" in run.text:
            break
    else:
        return runs
    return tuple(
        [Run(run.text.replace("\n", " "), run.marks, run.link) if "\n" in run.text else run for run in runs]
    )


def bold(runs: Iterable[Run]) -> Runs:
    return tuple([Run(run.text, run.marks | Mark.BOLD, run.link) for run in runs])


_SPOILER = re.compile(r"(?<![^\s(\[\"'])\|\|(?![\s|])[^|\n]+?(?<!\s)\|\|(?![^\s)\]\"'.,;:!?])")


def merged(runs: list[Run]) -> Runs:
    """Neighbours of one look become one run; what stands between double bars, a spoiler."""
    if len(runs) == 1 and "||" not in runs[0].text:
        return tuple(runs) if runs[0].text else ()
    for run in runs:
        if "||" in run.text:
            runs = list(_hidden(runs))
            break
    found: list[Run] = []
    last: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if last and last.marks == run.marks and last.link == run.link:
            found[-1] = last = Run(last.text + run.text, run.marks, run.link)
        else:
            found.append(run)
            last = run
    return tuple(found)


def _hidden(runs: list[Run]) -> Iterator[Run]:
    """The runs, with what stands between two `||` as a spoiler, whatever looks it has."""
    text = "".join("x" * len(run.text) if run.marks & Mark.CODE else run.text for run in runs)
    spans = [match.span() for match in _SPOILER.finditer(text)]
    edges = [0, *(edge for start, end in spans for edge in (start, start + 2, end - 2, end))]
    at = 0
    for run in runs:
        end = at + len(run.text)
        within = edges[bisect_right(edges, at) : bisect_left(edges, end)]
        for left, right in pairwise((at, *within, end)):
            part = run.text[left - at : right - at]
            match (bisect_right(edges, left) - 1) % 4:
                case 0:
                    yield Run(part, run.marks, run.link)
                case 2:
                    yield Run(part, run.marks | Mark.SPOILER, run.link)
        at = end
