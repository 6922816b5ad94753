"""A terminal emulator with just the escape sequences that answers use; any other fails the test."""

import io
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from unittest.mock import patch

from core.markdown.tables import width

_SENT = re.compile(r"\x1b\[(\d*)([AJ])|\x1b\[([\d;]*)m|(.)", re.DOTALL)


class Terminal(io.StringIO):
    """`rows` are all that were ever written, also above the `top` of what is seen. A cell is a letter and its
    looks, as the numbers that switch them on."""

    def __init__(self, columns: int, height: int) -> None:
        super().__init__()
        self.columns, self.height = columns, height
        self.rows: list[list[tuple[str, str]]] = [[]]
        self.top = 0
        self._row = self._column = 0
        self._look = ""

    @contextmanager
    def in_use(self) -> Iterator[Self]:
        """It is the one that this process is started from."""
        size = {"COLUMNS": str(self.columns), "LINES": str(self.height), "TERM": "xterm", "NO_COLOR": ""}
        with patch.dict(os.environ, size):
            yield self

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        return "\n".join("".join(letter for letter, _ in row).rstrip() for row in self.rows)

    def look_of(self, words: str) -> str:
        """Of the first letter of these words."""
        for row in self.rows:
            at = "".join(letter for letter, _ in row).find(words)
            if at >= 0:
                return row[at][1]
        raise AssertionError(f"{words!r} is not there")

    def write(self, text: str) -> int:
        for count, move, look, letter in _SENT.findall(text):
            if move == "A":
                self._row -= int(count or 1)
                assert self._row >= self.top, "nothing above the top can be changed"
            elif move == "J":
                assert not count
                del self.rows[self._row + 1 :], self.rows[self._row][self._column :]
            elif letter:
                self._put(letter)
            else:
                self._look = look.removeprefix("0")
        return super().write(text)

    def _put(self, letter: str) -> None:
        if letter == "\n":
            self._begin_row()
        elif letter == "\r":
            self._column = 0
        elif letter == "\t":
            for _ in range(8 - self._column % 8):
                self._write(" ", 1)
        else:
            assert unicodedata.category(letter) != "Cc", ascii(letter)
            self._write(letter, width(letter))

    def _write(self, letter: str, columns: int) -> None:
        if self._column + columns > self.columns:
            self._begin_row()
        row = self.rows[self._row]
        if not columns:
            row.append((letter, self._look))  # in no column of its own
            return
        assert self._column or not any(map(width, "".join(sign for sign, _ in row))), "it is cleared first"
        row += [(letter, self._look), *[("", self._look)] * (columns - 1)]
        self._column += columns

    def _begin_row(self) -> None:
        self._row, self._column = self._row + 1, 0
        if self._row == len(self.rows):
            self.rows.append([])
        self.top = max(self.top, len(self.rows) - self.height)
