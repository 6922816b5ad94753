"""One answer on a terminal, drawn as it grows. What has scrolled off the top stays there as it was."""

import re
import shutil
from functools import lru_cache
from itertools import takewhile
from typing import TextIO

from bots.terminal.markup import Drawn, TerminalRenderer
from core.environment import takes_colour
from core.markdown.tables import width
from core.pages import Pager

_LOOKS = re.compile(r"\x1b\[[\d;]*m")
_NO_INK = re.compile(r"\x1b\[[\d;]*m|[\s│─┼]")


class Screen:
    """The cursor stands behind the last line that was written, which no line break ends."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._pager = Pager(TerminalRenderer(has_colour=takes_colour(out)))
        self._lines: list[str] = []  # all that was written, as it is now
        self._top = 0  # the first of them that is whole on the screen: no terminal scrolls back

    def grow(self, markdown: str) -> None:
        self._show(self._pager.pages_so_far(markdown))

    def finish(self, markdown: str) -> None:
        self._show(self._pager.pages(markdown))

    def _show(self, pages: tuple[Drawn, ...]) -> None:
        """Writes the lines again from the first one that differs."""
        old, new = self._lines, [*(pages[0] if pages else ("",))]
        columns, height = shutil.get_terminal_size()
        self._top = self._find_top(columns, height)
        pairs = zip(old[:-1], new[:-1], strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if not old or (same == len(old) - 1 and new[same].startswith(old[same])):
            text = "\n".join(new[same:])[len(old[same]) if old else 0 :]
        else:
            first = max(same, self._top)
            rest = new[same:] if first == same else _unseen(new, _ink(old[:first]))
            rows = sum(_rows(line, columns) for line in old[first:])
            up = f"\x1b[{rows - 1}A" if rows > 1 else ""
            text = (f"\r{up}\x1b[J" if rows else "\n") + "\n".join(rest)
            new = old[:first] + rest
        self._out.write(text)
        self._out.flush()
        self._lines = new

    def _find_top(self, columns: int, height: int) -> int:
        top, rows = len(self._lines), 0
        while top > self._top and (rows := rows + _rows(self._lines[top - 1], columns)) <= height:
            top -= 1
        return top


@lru_cache(maxsize=1024)
def _rows(line: str, columns: int) -> int:
    """How many rows the terminal needs for a line: a wide letter may not fit at the end of a row."""
    text = _LOOKS.sub("", line).expandtabs()
    if text.isascii():
        return max(1, -(-len(text) // columns))
    rows, used = 1, 0
    for letter in text:
        wide = width(letter)
        rows, used = (rows, used + wide) if used + wide <= columns else (rows + 1, wide)
    return rows


def _ink(lines: list[str]) -> int:
    """The number of visible characters in these lines, whatever their layout."""
    return len(_NO_INK.sub("", "".join(lines)))


def _unseen(lines: list[str], seen: int) -> list[str]:
    """The lines from the one on that says more than what is seen; the last one in any case."""
    at = 0
    while at < len(lines) - 1 and (seen := seen - _ink(lines[at : at + 1])) >= 0:
        at += 1
    return lines[at:]
