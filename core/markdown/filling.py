"""Fills pages with blocks, in order. What is decided depends only on what came before."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from core.markdown.blocks import Block, Code, Heading, Item, List, Paragraph, Quote, Table, plain
from core.markdown.cuts import Cut, after, before, break_in_code, break_in_prose, joined, untabled, weight

P = TypeVar("P")


class Size(Struct, frozen=True, gc=False):
    """What a page takes of a chat's limits."""

    units: int  # characters as the chat counts them
    entities: int = 0

    def without(self, block: "Size") -> "Size":
        """What is left for what stands below a block."""
        return Size(self.units - block.units - _GAP, self.entities - block.entities)

    def fits(self, room: "Size") -> bool:
        return self.units <= room.units and self.entities <= room.entities


KEPT = -1  # instead of a number: the entry is from earlier, and what it shows is not parsed any more
_GAP = 2  # units: the most that `Renderer.join` puts between two blocks


class Renderer(Protocol[P]):
    """Draws blocks as one kind of chat shows them. P is what that chat is sent."""

    @property
    def limit(self) -> Size:
        """The limit of one page."""
        ...

    def draw(self, block: Block) -> P: ...
    def join(self, drawn: Sequence[P]) -> P: ...
    def size(self, drawn: P) -> Size: ...
    def small_print(self, note: str, footer: str) -> P:
        """Two lines of plain text for below an answer; either may be empty."""
        ...


class Entry(Struct, Generic[P], frozen=True, gc=False):
    """A block on a page: the rest of a piece from `cut` on, or a part of that. `piece` is its number."""

    piece: int
    cut: Cut
    block: Block
    drawn: P
    size: Size


class Page(Generic[P]):
    """`room` is what is left of it."""

    def __init__(self, limit: Size) -> None:
        self.entries: list[Entry[P]] = []
        self.room = limit

    def add(self, entry: Entry[P]) -> None:
        self.room = self.room.without(entry.size)
        self.entries.append(entry)

    def takes(self, entry: Entry[P]) -> bool:
        """Adds the entry if it fits."""
        units = self.room.units - entry.size.units
        entities = self.room.entities - entry.size.entities
        if units < 0 or entities < 0:
            return False
        self.room = Size(units - _GAP, entities)
        self.entries.append(entry)
        return True

    @property
    def drawn(self) -> list[P]:
        return [entry.drawn for entry in self.entries]


class Filling(Generic[P]):
    """`kept` are entries of an earlier filling: the first page begins with them as they were drawn then."""

    def __init__(self, renderer: Renderer[P], limit: Size, kept: Sequence[Entry[P]] = ()) -> None:
        self._pages: list[Page[P]] = [Page(limit)]
        for entry in kept:
            self._pages[0].add(entry)
        self._renderer = renderer
        self._limit = limit

    def finish(self) -> list[Page[P]]:
        if len(self._pages) > 1 and not self._pages[-1].entries:
            self._pages.pop()
        return self._pages

    def add(self, block: Block, piece: int, cut: Cut) -> None:
        """Puts a block, from `cut` on, on the open page, and on further ones what does not fit."""
        rest = after(block, cut) if cut else block
        entry: Entry[P] | None = self._drawn(piece, cut, rest)
        while entry is None or not self._pages[-1].takes(entry):
            page = self._pages[-1]
            cutting = _Cutting(partial(self._drawn, piece, cut), rest, page.room)
            inner = None if self._is_full() else cutting.find(_SHORT if page.entries else 1)
            if inner is None and page.entries:
                self._close()
                continue
            if inner is None and (plainer := untabled(rest)) is not rest:
                self.add(plainer, KEPT, ())  # cuts of it are no cuts of the piece: parsing begins at none
                return
            inner = inner or _shortest(rest)
            if inner is None:
                return
            page.add(cutting.head(inner))
            self._pages.append(Page(self._limit))
            rest, cut = after(rest, inner), joined(cut, inner)
            is_long = weight(rest, self._limit.units) > self._limit.units
            entry = None if is_long else self._drawn(piece, cut, rest)

    def _is_full(self) -> bool:
        """Whether a part of a block is no longer worth its cut on the open page."""
        room = self._pages[-1].room
        return (room.units + _GAP) * 4 <= self._limit.units or room.entities <= 0 < self._limit.entities

    def _drawn(self, piece: int, cut: Cut, block: Block) -> Entry[P]:
        drawn = self._renderer.draw(block)
        return Entry(piece, cut, block, drawn, self._renderer.size(drawn))

    def _close(self) -> None:
        """Begins a page. A heading goes with what it is the heading of."""
        page = self._pages[-1]
        opened: Page[P] = Page(self._limit)
        self._pages.append(opened)
        if len(page.entries) > 1 and isinstance(page.entries[-1].block, Heading):
            opened.add(page.entries.pop())


class _Cutting(Generic[P]):
    """Where to cut one block so that its head fits and the page is full. No head is drawn twice: drawing is
    what costs."""

    def __init__(self, draw: Callable[[Block], Entry[P]], block: Block, room: Size) -> None:
        self._draw = draw
        self._block = block
        self._room = room
        self._heads: dict[Cut, Entry[P]] = {}

    def head(self, cut: Cut) -> Entry[P]:
        if cut not in self._heads:
            self._heads[cut] = self._draw(before(self._block, cut))
        return self._heads[cut]

    def find(self, least: int) -> Cut | None:
        """Heads of fewer than `least` characters are not worth a cut."""
        return self._within(self._block, (), least)

    def _within(self, block: Block, place: Cut, least: int) -> Cut | None:
        """A cut in the part of the block that stands at this place of it."""
        match block:
            case Paragraph(runs) | Heading(_, runs):
                text = plain(runs)
                end = self._most(len(text), place)
                return (*place, break_in_prose(text, end)) if end >= least else None
            case Code(text):
                end = self._most(len(text), place)
                return (*place, break_in_code(text, end)) if end >= least else None
            case Table(_, _, rows) if rows:
                count = self._most(len(rows) - 1, place)
                if count or least > 1:
                    return (*place, count) if count else None
                longest = max(sum(len(run.text) for run in cell) for cell in rows[0])
                end = self._most(longest, (*place, 0))
                return (*place, 0, end) if end else None
            case List(items):
                return self._within_child(items, place, least)
            case Quote(blocks) | Item(blocks):
                return self._within_child(blocks, place, least)
        return None

    def _within_child(self, children: Sequence[Block], place: Cut, least: int) -> Cut | None:
        if not children:
            return None
        count = self._most(len(children) - 1, place)
        between = (*place, count)
        if count and -self._over(between) * 4 <= self._room.units:
            return between  # full enough
        inner = self._within(children[count], between, _SHORT if count else least)
        return inner or (between if count else None)

    def _over(self, cut: Cut) -> int:
        """By how many units the head is too big; zero or less if it fits."""
        room = self._room
        if cut not in self._heads:
            least_units = weight(before(self._block, cut), room.units)
            if least_units > room.units:
                return least_units - room.units
        size = self.head(cut).size
        units, entities = size.units - room.units, size.entities - room.entities
        return max(units, entities * _UNITS_AN_ENTITY) if entities > 0 else units

    def _most(self, highest: int, place: Cut) -> int:
        """The highest number at this place that is not over, where 0 is not and what is below a fitting one
        neither; each takes a unit or more. Guesses by proportion; every third halves, in case it is none."""
        spare = max(0, -self._over(place)) if place else self._room.units
        low, high = 0, min(highest, spare)
        excess = self._over((*place, high))
        if excess <= 0:
            return high
        turn = 0
        while high - low > 1:
            turn += 1
            share = (high - low) * spare // (spare + excess) if turn % 3 else (high - low) // 2
            guess = min(max(low + share, low + 1), high - 1)
            found = self._over((*place, guess))
            if found > 0:
                high, excess = guess, found
            else:
                low, spare = guess, -found
        return low


_UNITS_AN_ENTITY = 40  # text that has one for sure, to guess how much is too much
_SHORT = 60  # characters; a shorter head stays with its rest


def _shortest(block: Block) -> Cut | None:
    """The first possible cut: for limits so small that not even a good one fits."""
    match block:
        case Paragraph(runs) | Heading(_, runs):
            return (1,) if len(plain(runs)) > 1 else None
        case Code(text):
            return (1,) if len(text) > 1 else None
        case List(items):
            children: Sequence[Block] = items
        case Quote(blocks) | Item(blocks):
            children = blocks
        case _:
            return None
    if not children:
        return None
    inner = _shortest(children[0])
    return (0, *inner) if inner else (1,) if len(children) > 1 else None
