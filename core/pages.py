"""A growing Markdown text to pages that fit. A finished page changes only where Markdown's meaning did."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from core.markdown.blocks import (
    Block,
    Code,
    List,
    Piece,
    Table,
    clean,
    definitions,
    parse_pieces,
    parse_placeless,
    settled,
)
from core.markdown.cuts import Cut, shorten, tame, utf16_length
from core.markdown.filling import KEPT, Entry, Filling, Page, Renderer, Size
from core.markdown.tails import completed

# Re-exports what adapters need of `core.markdown` to draw pages.
__all__ = ["Pager", "Renderer", "Size", "shorten", "utf16_length"]

NOTE, FOOTER = 700, 300  # UTF-16 units: small print takes room from the text on the last page
P = TypeVar("P")


class _Place(Struct, frozen=True):
    """A place in the source from which on it can be parsed alone."""

    offset: int = 0
    prefix: str = ""  # lines that must stand before it: the opening of a code fence, a table's header
    number: int | None = None  # of the first list item
    cut: Cut = ()  # what earlier pages already show of the first block


class Pager(Generic[P]):
    """The pages of one answer while it grows.

    What is parsed and drawn again for each show begins with the last block, item, row or line of code
    that was whole before it and can be parsed alone: less than a page as a rule, and a few pages while
    one paragraph grows over them, whose looks its end may change.
    """

    def __init__(self, renderer: Renderer[P]) -> None:
        self._renderer = renderer
        self._links: dict[str, str] = {}  # definitions so far, by label
        self._whole = ""  # the text, once it is known to be complete
        self._begin()

    def _begin(self) -> None:
        self._finished: list[P] = []  # pages before the open one ...
        self._kept: list[Entry[P]] = []  # ... and what that shows of the source before `_place`
        self._place = _Place()
        self._before = ""  # the source before `_place`, to see whether the text really grew

    def pages(self, markdown: str, note: str = "", footer: str = "") -> tuple[P, ...]:
        """The whole answer. Note and footer stand below it, within the last page's limit."""
        text = clean(markdown)
        self._follow(text, text if self._before else "")  # what all of it defines, the parser sees
        self._whole = text
        pieces = parse_placeless(self._source(text), self._links)
        return self._shown(self._filled(pieces), note, footer)

    def pages_so_far(self, markdown: str, note: str = "", footer: str = "") -> tuple[P, ...]:
        """The pages of an answer that goes on: what is half written at its end is shown as it will look."""
        text = clean(markdown)
        self._follow(text, text[: text.rfind("\n") + 1])
        source = self._source(text)
        pieces = parse_pieces(source, self._links)
        final = settled(pieces, source)
        pieces = completed(source, pieces, self._links, is_all=not self._before)
        pages = self._filled(pieces)
        shown = self._shown(pages, note, footer)
        self._advance(text, pieces, final, pages)
        return shown

    def _follow(self, text: str, lines: str) -> None:
        """Begins anew where the text did not only grow, or where a late definition makes links of what
        was before it. `lines` is as much of the text as nothing is missing of."""
        if not text.startswith(self._before) or (self._whole and text != self._whole):
            self._links, self._whole = {}, ""
            self._begin()
        found = definitions(self._source(lines))
        if new := found.keys() - self._links.keys():
            self._links |= {label: found[label] for label in new}
            before = self._before.casefold()
            if any(f"[{label}" in before for label in new):
                self._begin()

    def _source(self, text: str) -> str:
        return self._place.prefix + text[self._place.offset :]

    def _filled(self, pieces: list[Piece]) -> list[Page[P]]:
        place = self._place
        if pieces and place.number is not None and isinstance(first := pieces[0].block, List):
            pieces[0] = replace(pieces[0], block=List(first.items, place.number))
        filling = Filling(self._renderer, self._renderer.limit, self._kept)
        for number, piece in enumerate(pieces):
            block = tame(piece.block) if piece.has_table else piece.block
            filling.add(block, number, place.cut if number == 0 else ())
        return filling.finish()

    def _shown(self, pages: Sequence[Page[P]], note: str, footer: str) -> tuple[P, ...]:
        return (*self._finished, *self._joined(pages[:-1]), *self._with_tail(pages[-1], note, footer))

    def _joined(self, pages: Sequence[Page[P]]) -> list[P]:
        return [self._renderer.join(page.drawn) for page in pages]

    def _with_tail(self, page: Page[P], note: str, footer: str) -> list[P]:
        renderer = self._renderer
        if not note and not footer:
            return [renderer.join(page.drawn)] if page.entries else []
        tail = renderer.small_print(shorten(note, NOTE), shorten(footer, FOOTER))
        size = renderer.size(tail)
        pages = [page]
        if page.entries and not size.fits(page.room):
            filling = Filling(renderer, renderer.limit.without(size))
            for entry in page.entries:
                filling.add(entry.block, 0, ())
            pages = filling.finish()
        return [*self._joined(pages[:-1]), renderer.join([*pages[-1].drawn, tail])]

    def _advance(self, text: str, pieces: Sequence[Piece], final: int, pages: Sequence[Page[P]]) -> None:
        """Remembers the last place that can be parsed alone, to begin with it next time. `final` is the number
        of leading pieces that nothing can change any more."""
        for index in range(len(pages) - 1, -1, -1):
            entries = pages[index].entries
            for position in range(len(entries) - 1, -1, -1):
                place = self._find_place(entries[position], pieces, final, text)
                if place is not None:
                    self._finished += self._joined(pages[:index])
                    self._kept = [replace(entry, piece=KEPT) for entry in entries[:position]]
                    self._place, self._before = place, text[: place.offset]
                    return

    def _find_place(self, entry: Entry[P], pieces: Sequence[Piece], final: int, text: str) -> _Place | None:
        """The place at which the entry begins; None where text still to come could change what is before it."""
        number, cut, here, source = entry.piece, entry.cut, self._place, self._source(text)
        if number == KEPT or number > final:
            return None
        piece, shift = pieces[number], here.offset - len(here.prefix)
        if not cut:
            is_alone = number > 0 and piece.start > pieces[number - 1].start
            return _Place(_line_start(source, piece.start) + shift) if is_alone else None
        place = _within(piece, cut, source)
        if place is not None and not place.cut:
            is_safe = place.offset <= source.rfind("\n")
        else:
            is_safe = number < final or _is_past(piece.block, cut[0])
        if not is_safe:
            return None
        if place is not None:
            return replace(place, offset=place.offset + shift)
        return replace(here if number == 0 else _Place(piece.start + shift), cut=cut)


def _within(piece: Piece, cut: Cut, source: str) -> _Place | None:
    """The place of a cut between two items, rows or lines of code, or in one of them; None where the
    block cannot be parsed from there."""
    at, inside = cut[0], (0, *cut[1:]) if cut[1:] else ()
    match piece.block:
        case List(_, start):
            return _Place(
                _line_start(source, piece.inner[at]), "", None if start is None else start + at, inside
            )
        case Table() as table if tame(table) is table:
            header = source[_line_start(source, piece.start) : _line_start(source, piece.inner[0])]
            return _Place(_line_start(source, piece.inner[at]), header, None, inside)
        case Code(text) if _is_fence(source, piece.start):
            begin = _line_start(source, piece.start)
            fence = line = source.find("\n", begin) + 1
            for _ in range(text.count("\n", 0, at)):
                line = source.find("\n", line) + 1
            rest = at - (text.rfind("\n", 0, at) + 1)
            return _Place(line, source[begin:fence], None, (rest,) if rest else ())
    return None


def _is_past(block: Block, at: int) -> bool:
    """Whether the item, row or line at a cut is complete: what comes cannot change what it says."""
    match block:
        case List(items):
            return at < len(items) - 1
        case Table(_, _, rows):
            return at < len(rows) - 1
        case Code(text):
            return "\n" in text[at:]
    return False


def _line_start(source: str, place: int) -> int:
    return source.rfind("\n", 0, place) + 1


def _is_fence(source: str, place: int) -> bool:
    begin = _line_start(source, place)
    return source[begin : begin + 6].lstrip(" ").startswith(("```", "~~~"))
