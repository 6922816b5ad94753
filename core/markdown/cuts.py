"""Cuts a block in two. Head and rest together say what the block said, each is a whole block by itself."""

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from core.markdown.blocks import Block, Code, Heading, Item, List, Paragraph, Quote, Row, Rule, Run, Runs, Table

# Where a block is cut: the child that begins the rest, then where within it; for text the character.
# (2,) in a list: before the third item. (2, 0, 40) in it: inside the third item's first paragraph.
Cut: TypeAlias = tuple[int, ...]


def before(block: Block, cut: Cut) -> Block:
    """The head: what stands before the cut."""
    at, inner = cut[0], cut[1:]
    match block:
        case Paragraph(runs) | Heading(_, runs):
            return replace(block, runs=_runs_before(runs, at))
        case Code(text):
            return replace(block, text=text[:at].removesuffix("\n"))
        case List(items):
            part = (_item(before(items[at], inner)),) if inner else ()
            return replace(block, items=items[:at] + part)
        case Quote(blocks) | Item(blocks):
            return replace(block, blocks=blocks[:at] + ((before(blocks[at], inner),) if inner else ()))
        case Table(_, _, rows):
            part_row = (tuple(_runs_before(cell, inner[0]) for cell in rows[at]),) if inner else ()
            return replace(block, rows=rows[:at] + part_row)
        case Rule():
            return block


def after(block: Block, cut: Cut) -> Block:
    """The rest: numbering goes on, a table repeats its header, an item that is cut has no second bullet."""
    at, inner = cut[0], cut[1:]
    match block:
        case Paragraph(runs) | Heading(_, runs):
            return replace(block, runs=_runs_after(runs, at))
        case Code(text):
            return replace(block, text=text[at:])
        case List(items, start):
            rest = items[at:]
            if inner:
                rest = (_item(after(items[at], inner)), *items[at + 1 :])
            return List(rest, None if start is None else start + at)
        case Item(blocks):
            return replace(block, blocks=_rest(blocks, at, inner), resumed=True)
        case Quote(blocks):
            return Quote(_rest(blocks, at, inner), "" if at or inner else block.kind)
        case Table(_, _, rows):
            tail = rows[at:]
            if inner:
                tail = (tuple(_runs_after(cell, inner[0]) for cell in rows[at]), *rows[at + 1 :])
            return replace(block, rows=tail)
        case Rule():
            return block


def joined(first: Cut, second: Cut) -> Cut:
    """The cut of the whole block that equals `second` made in the rest that `first` left."""
    if not first or not second:
        return first or second
    if len(first) > 1 and second[0] == 0:
        return (first[0], *joined(first[1:], second[1:]))
    return (first[0] + second[0], *second[1:])


def weight(block: Block, enough: int) -> int:
    """Characters the block shows at least; stops counting once there are enough."""
    match block:
        case Paragraph() | Heading():
            return _length(block.runs)
        case Code():
            return len(block.text)
        case Rule():
            return 1
        case Table():
            total = 0
            for row in (block.head, *block.rows):
                total += sum(map(_length, row))
                if total > enough:
                    break
            return total
        case List() | Quote() | Item():
            total = 0
            for child in block.items if isinstance(block, List) else block.blocks:
                total += weight(child, enough - total)
                if total > enough:
                    break
            return total


_MAX_COLUMNS = 20
_MAX_HEADER = 300  # characters; a longer one is not repeated on every page


def tame(block: Block) -> Block:
    """The block with each table of too many columns, or with too long a header, in a form that can be cut
    anywhere; the same object where there is none."""
    return _each_table(block, _tame)


def untabled(block: Block) -> Block:
    """The block with lines of text in place of each table; the same object where there is none."""
    return _each_table(block, _as_lines)


def _each_table(block: Block, change: Callable[[Table], Block]) -> Block:
    match block:
        case Paragraph():  # most are
            return block
        case Table():
            return change(block)
        case Quote() | Item():
            changed = tuple([_each_table(child, change) for child in block.blocks])
            return block if changed == block.blocks else replace(block, blocks=changed)
        case List():
            changed_items = tuple([_item(_each_table(item, change)) for item in block.items])
            return block if changed_items == block.items else replace(block, items=changed_items)
    return block


def _tame(table: Table) -> Block:
    if len(table.head) > _MAX_COLUMNS:
        return _as_lines(table)
    if sum(map(_length, table.head)) > _MAX_HEADER:
        return Table(table.align, (), (table.head, *table.rows))
    return table


def _as_lines(table: Table) -> Block:
    rows = (table.head, *table.rows) if table.head else table.rows
    lines = [run for row in rows for run in (*_with_bars(row), Run("\n"))]
    return Paragraph(tuple(lines[:-1]))


def _with_bars(row: Row) -> Runs:
    runs: list[Run] = []
    for cell in row:
        runs += [Run(" | "), *cell] if runs else cell
    return tuple(runs)


def _rest(blocks: tuple[Block, ...], at: int, inner: Cut) -> tuple[Block, ...]:
    return (after(blocks[at], inner), *blocks[at + 1 :]) if inner else blocks[at:]


def _item(block: Block) -> Item:
    assert isinstance(block, Item)
    return block


def _length(runs: Runs) -> int:
    length = 0
    for run in runs:  # most have one, for which a sum would take twice as long
        length += len(run.text)
    return length


def _runs_before(runs: Runs, at: int) -> Runs:
    head = []
    for run in runs:
        if at <= 0:
            break
        head.append(run if len(run.text) <= at else Run(run.text[:at], run.marks, run.link))
        at -= len(run.text)
    return tuple(head)


def _runs_after(runs: Runs, at: int) -> Runs:
    for place, run in enumerate(runs):
        if at < len(run.text):
            first = Run(run.text[at:], run.marks, run.link) if at else run
            return (first, *runs[place + 1 :])
        at -= len(run.text)
    return ()


def break_in_prose(text: str, end: int) -> int:
    """The best place at or before `end`: after a line, a sentence, a word, else between two graphemes."""
    if end >= len(text):
        return len(text)
    for marks, least in ((("\n",), 0.7), ((". ", "! ", "? ", "。", "!", "?"), 0.7), ((" ", "\n"), 0.3)):
        place = max(text.rfind(mark, int(end * least), end) + len(mark) for mark in marks)
        if place > end * least:
            return place
    return safe(text, end)


def break_in_code(text: str, end: int) -> int:
    """The best place at or before `end`: after a blank line, a line, a word, else between two graphemes."""
    if end >= len(text):
        return len(text)
    for mark, least in (("\n\n", 0.8), ("\n", 0.3), (" ", 0.7)):
        place = text.rfind(mark, int(end * least), end)
        if place > 0:
            return place + len(mark)
    return safe(text, end)


_JOINER = "\u200d"


def safe(text: str, end: int) -> int:
    """The nearest place at or before `end` that splits no accent, emoji or flag; `end` if none is near."""
    for place in range(end, max(end - 40, 0), -1):
        if place >= len(text) or not _clings(text, place):
            return place
    return end


def utf16_length(text: str) -> int:
    """UTF-16 units, as some chats count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, units: int) -> str:
    """`text` in at most `units` UTF-16 units, with a mark where something is missing."""
    if utf16_length(text) <= units:
        return text
    if units < 1:
        return ""
    end = units - 1
    while (length := utf16_length(text[:end])) > units - 1:
        end -= max(1, (length - units + 1) // 2)
    return text[: safe(text, end)].rstrip() + "…"


def _clings(text: str, place: int) -> bool:
    """Whether the character at `place` is drawn as one with the character before it."""
    this, last = text[place], text[place - 1]
    if this == _JOINER or last == _JOINER or "\U0001f3fb" <= this <= "\U0001f3ff":
        return True
    if "\U000e0020" <= this <= "\U000e007f" or unicodedata.category(this) in ("Mn", "Mc", "Me"):
        return True
    if _is_flag(this) and _is_flag(last):
        letters = 0
        while letters < place and _is_flag(text[place - 1 - letters]):
            letters += 1
        return letters % 2 == 1
    return False


def _is_flag(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"
