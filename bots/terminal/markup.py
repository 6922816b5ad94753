"""Blocks to lines of a terminal. What a model writes never commands it: all escapes in a line are ours.

Code begins where its line does and ends where it does, whatever it stands in: so it is selected and copied.
"""

import json
import re
import shutil
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, groupby
from typing import TypeAlias

from core.markdown.blocks import (
    Block,
    Code,
    Heading,
    Item,
    List,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    bold,
    link_of,
    one_line,
    plain,
)
from core.markdown.tables import aligned, as_list, width
from core.pages import Size

Lines: TypeAlias = list[Runs]
Drawn: TypeAlias = tuple[str, ...]

_PROSE = 100  # columns; longer lines of words are tiring to read
_FRAME = 40  # columns of the lines above and below code
_BULLETS = ("•", "◦", "▪")
_LONGEST_NAME = 20  # of a language
# Beside those of `Mark`: what is ours, a title, and what nothing is put in front of.
_DIM, _UNDERLINED, _FLUSH = 256, 512, 1024
_BAR = Run("│ ", _DIM)
_LOOKS = ((Mark.BOLD, "1"), (_DIM, "2"), (Mark.ITALIC, "3"), (_UNDERLINED, "4"), (Mark.STRIKE, "9"))
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)  # one that leads somewhere from here
_HEAD_END = re.compile("[─┼]+")
# A word and the blanks before it. Letters of East Asia stand alone, but for what must not begin a line.
_WIDE = "\u2e80-\u303f\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0003fffd"
_WORD = re.compile(rf"[ \t]*((?:[{_WIDE}]|[^ \t{_WIDE}]+)[、。，．！？：；）」』】〉》…ー々]*)")
_JOINTS = re.compile("[\u200d\U0001f3fb-\U0001f3ff]")


def harmless(text: str) -> str:
    """The text without control characters, which a terminal would obey."""
    return _CONTROLS.sub("", text)


def harmless_json(value: object, *, indent: int | None = None) -> str:
    """The value as JSON, with every control character escaped: some of them JSON takes as they are."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class TerminalRenderer:
    """Draws blocks on one page without an end, as wide as the terminal is at that time."""

    limit = Size(sys.maxsize)

    def __init__(self, *, has_colour: bool) -> None:
        self._has_colour = has_colour

    def draw(self, block: Block) -> Drawn:
        """Its lines, and what keeps it apart from the next."""
        room = shutil.get_terminal_size().columns - 1  # in the last column some begin a new line
        lines = [self._written(line) for line in _block(block, room)]
        return (*lines, "") if lines and not isinstance(block, Heading) else tuple(lines)

    def join(self, drawn: Sequence[Drawn]) -> Drawn:
        lines = tuple(line for one in drawn for line in one)
        return lines if not lines or lines[-1] else lines[:-1]

    def size(self, drawn: Drawn) -> Size:
        return Size(0)

    def small_print(self, note: str, footer: str) -> Drawn:
        return ()  # it goes to another stream

    def _written(self, line: Runs) -> str:
        if not (line and line[0].marks & _FLUSH) and not plain(line).strip():
            return ""
        pieces = []
        for run in line:
            text = harmless(run.text)
            text = text if run.marks & _FLUSH else text.replace("\t", " ")
            look = _look(run.marks, has_colour=self._has_colour)
            pieces.append(f"\x1b[{look}m{text}\x1b[0m" if look and text else text)
        return "".join(pieces)


@cache
def _look(marks: int, *, has_colour: bool) -> str:
    code = ((Mark.CODE, "35" if has_colour else "4"),)
    return ";".join(number for mark, number in (*_LOOKS, *code) if marks & mark)


def _block(block: Block, room: int, depth: int = 0) -> Lines:
    """Lines of at most `room` columns, where words let us. `depth`: of lists with bullets that it is in."""
    match block:
        case Paragraph(runs):
            return list(_wrapped(_with_addresses(runs), room))
        case Heading(level, runs):
            look = Mark.BOLD | _UNDERLINED if level == 1 else Mark.BOLD
            words = [Run(run.text, run.marks | look, run.link) for run in one_line(runs)]
            return list(_wrapped(_with_addresses(words), room))
        case Code(text, language):
            return _code(text, language, min(room, _FRAME))
        case Quote(blocks, kind):
            title: Lines = [(Run(kind, Mark.BOLD),)] if kind else []
            return _moved_in(title + _stacked(blocks, room - 2, depth) or [()], _BAR, _BAR)
        case List(items, start):
            lines: Lines = []
            for at, item in enumerate(items):
                mark = _BULLETS[min(depth, len(_BULLETS) - 1)] if start is None else f"{start + at}."
                lines += _item(item, mark, room, depth + (start is None))
            return lines
        case Item():
            return _item(block, _BULLETS[0], room, depth)
        case Table():
            drawn = aligned(block, room)
            return _block(as_list(block), room, depth) if drawn is None else _columns(drawn)
        case Rule():
            return [(Run("─" * min(room, _PROSE), _DIM),)]


def _item(item: Item, mark: str, room: int, depth: int) -> Lines:
    if item.checked is not None:
        mark = "☑" if item.checked else "☐"
    pad = len(mark) + 1
    lines = _stacked(item.blocks, room - pad, depth)
    if not lines or _is_flush(lines[0]):
        lines.insert(0, ())
    return _moved_in(lines, Run(f"{mark} "), Run(" " * pad))


def _stacked(blocks: Sequence[Block], room: int, depth: int) -> Lines:
    """What stands in an item or a quote. Lists and code follow the words that they belong to at once."""
    lines: Lines = []
    last: Block | None = None
    for block in blocks:
        drawn = _block(block, room, depth)
        if lines and drawn and not isinstance(block, List | Code) and not isinstance(last, Heading):
            lines.append(())
        lines += drawn
        last = block
    return lines


def _moved_in(lines: Lines, first: Run, rest: Run) -> Lines:
    return [line if _is_flush(line) else (rest if at else first, *line) for at, line in enumerate(lines)]


def _is_flush(line: Runs) -> bool:
    return bool(line and line[0].marks & _FLUSH)


def _code(text: str, language: str, columns: int) -> Lines:
    name = f"── {language[:_LONGEST_NAME]} " if language else ""
    frame = [(Run(start + "─" * (columns - width(start)), _DIM | _FLUSH),) for start in (name, "")]
    return [frame[0], *((Run(line, _FLUSH),) for line in text.split("\n")), frame[1]]


def _columns(drawn: str) -> Lines:
    """An aligned table, its header bold."""
    lines: Lines = [(Run(line),) for line in drawn.split("\n")]
    end = next((at for at, (run,) in enumerate(lines) if _HEAD_END.fullmatch(run.text)), None)
    if end is None:
        return lines
    return [*map(bold, lines[:end]), (Run(lines[end][0].text, _DIM),), *lines[end + 1 :]]


def _with_addresses(runs: Sequence[Run]) -> Runs:
    """The address of each link stands behind its words, if it is not them."""
    found: list[Run] = []
    for link, group in groupby(runs, key=link_of):
        words = tuple(group)
        address = link.removeprefix("mailto:")
        found += words
        if _ADDRESS.match(link) and address != plain(words):
            found.append(Run(f" ({address})", _DIM))
    return tuple(found)


def _wrapped(runs: Runs, room: int) -> Iterator[Runs]:
    """The lines of a text, broken between words. One that is longer than a line stays whole: so it is found,
    clicked and copied, and the terminal breaks it."""
    room = min(room, _PROSE)
    places = [*accumulate((len(run.text) for run in runs), initial=0)]
    text, at = plain(runs), 0
    for line in text.split("\n") if text else ():
        begin = end = at
        columns = 0
        for word in _WORD.finditer(line.rstrip(" \t")):
            columns += _most(word[0])
            if end > begin and columns > room:
                yield _part(runs, places, begin, end)
                begin, columns = at + word.start(1), _most(word[1])
            end = at + word.end()
        yield _part(runs, places, begin, end)
        at += len(line) + 1


def _most(text: str) -> int:
    """The most columns that it may take: not every terminal draws joined emoji as one glyph."""
    return width(text if text.isascii() else _JOINTS.sub("\u3000", text))


def _part(runs: Runs, places: Sequence[int], begin: int, end: int) -> Runs:
    """`places` is where each run begins."""
    those = slice(bisect_right(places, begin) - 1, bisect_left(places, end))
    pairs = zip(runs[those], places[those], strict=True)
    return tuple([Run(run.text[max(begin - at, 0) : end - at], run.marks) for run, at in pairs])
