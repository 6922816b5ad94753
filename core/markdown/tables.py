"""Tables for chats that have none: aligned columns of plain text, or a list where columns would not fit."""

import re
import unicodedata
from functools import lru_cache

from core.bidi import isolated
from core.markdown.blocks import Item, List, Mark, Paragraph, Row, Run, Runs, Table, bold, plain
from core.markdown.cuts import safe

_TALLEST_ROW = 5  # lines; a table that would wrap more than this reads better as a list
_LONGEST_WORD = 24  # columns; only what is longer (an address, a hash) is broken

# What is drawn as one glyph: joined emoji, emoji with a tone of skin, symbols shown as emoji.
_ONE_GLYPH = re.compile(
    "(?:.[\ufe0f\U0001f3fb-\U0001f3ff]*\u200d)+.[\ufe0f\U0001f3fb-\U0001f3ff]*|.[\ufe0f\U0001f3fb-\U0001f3ff]+"
)


def width(text: str) -> int:
    """Columns in a font of fixed width: two for East Asian letters and emoji, none for accents."""
    if text.isascii():
        return len(text)
    return sum(map(_letter_width, _ONE_GLYPH.sub("\u3000", text)))


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def aligned(table: Table, columns: int) -> str | None:
    """Lines of at most `columns`, cells wrapped; None where a list is better: too wide, or with links."""
    rows = [table.head, *table.rows] if table.head else list(table.rows)
    if any(run.link for row in rows for cell in row for run in cell):
        return None
    texts = [[plain(cell) for cell in row] for row in rows]
    widths = _widths(texts, columns)
    if widths is None:
        return None
    lines: list[str] = []
    for number, row in enumerate(texts):
        wrapped = list(map(_wrapped, row, widths))
        height = max(map(len, wrapped), default=1)
        if height > _TALLEST_ROW and columns < sum(map(_widest, _columns(texts))):
            return None
        for at in range(height):
            cells = [cell[at] if at < len(cell) else "" for cell in wrapped]
            lines.append(" │ ".join(map(_padded, cells, widths, table.align)).rstrip())
        if number == 0 and table.head:
            lines.append("─┼─".join("─" * space for space in widths))
    return "\n".join(lines)


def as_list(table: Table) -> List:
    """Every row an item: its first cell, then each further cell with its column's name."""
    return List(tuple(Item((Paragraph(_record(table.head, row)),)) for row in table.rows or (table.head,)))


def _record(head: Row, row: Row) -> Runs:
    runs = list(bold(row[0])) if row else []
    for at, cell in enumerate(row[1:], 1):
        if not cell:
            continue
        if runs:
            runs.append(Run("\n"))
        if at < len(head) and head[at] and row is not head:
            runs += [Run(run.text, run.marks | Mark.ITALIC, run.link) for run in head[at]]
            runs.append(Run(": "))
        runs += cell
    return tuple(runs)


def _columns(texts: list[list[str]]) -> list[tuple[str, ...]]:
    return list(zip(*texts, strict=True))


def _widest(cells: tuple[str, ...]) -> int:
    return max(map(width, "\n".join(cells).split("\n")))


def _longest_word(cells: tuple[str, ...]) -> int:
    longest = max((width(word) for cell in cells for word in cell.split()), default=1)
    return min(longest, _LONGEST_WORD)


def _widths(texts: list[list[str]], columns: int) -> list[int] | None:
    """The widest column gives first; None where words would have to be broken."""
    widths = [max(_widest(cells), 1) for cells in _columns(texts)]
    room = columns - 3 * (len(widths) - 1)
    if sum(widths) <= room:
        return widths
    least = [_longest_word(cells) for cells in _columns(texts)]
    if sum(least) > room:
        return None
    while (excess := sum(widths) - room) > 0:
        most = max(one for one, low in zip(widths, least, strict=True) if one > low)
        second = max((one for one in widths if one < most), default=0)
        widest = [at for at, one in enumerate(widths) if one == most and one > least[at]]
        spare = min(most - least[at] for at in widest)
        take = max(1, min(most - second, excess // len(widest), spare))
        for at in widest[:excess]:
            widths[at] -= take
    return widths


def _wrapped(text: str, space: int) -> list[str]:
    if "\n" not in text and width(text) <= space:
        return [text]
    lines: list[str] = []
    for line in text.split("\n"):
        if width(line) <= space:
            lines.append(line)
            continue
        open_line = ""
        for word in line.split(" "):
            rest = word
            if open_line and width(open_line) + 1 + width(rest) <= space:
                open_line += f" {rest}"
                continue
            if open_line:
                lines.append(open_line)
            while width(rest) > space:
                end = _fitting(rest, space)
                lines.append(rest[:end])
                rest = rest[end:]
            open_line = rest
        lines.append(open_line)
    return lines


def _fitting(word: str, space: int) -> int:
    used = 0
    for place, letter in enumerate(word):
        used += _letter_width(letter)
        if used > space:
            return max(safe(word, place), 1)
    return len(word)


def _padded(text: str, space: int, side: str) -> str:
    missing = space - width(text)
    text = isolated(text)  # two cells from right to left would change places
    if side == "Right":
        return " " * missing + text
    if side == "Center":
        return " " * (missing // 2) + text + " " * (missing - missing // 2)
    return text + " " * missing
