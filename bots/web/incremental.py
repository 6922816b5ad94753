"""Renders a growing text as HTML blocks, at a cost that depends on what is new and not on what was there."""

from bots.web.markup import render_block
from core.markdown.blocks import Code, Piece, clean, parse_pieces, settled
from core.markdown.tails import completed

# An open code block is drawn again with every token; its colours come when it is this short or closed.
_COLOUR_LIMIT = 1500


class IncrementalRenderer:
    """Renders the blocks of one growing text. Those before the last are final: nothing that follows changes
    them, except definitions of links, for which the whole text is drawn again at its end."""

    def __init__(self) -> None:
        self._text = ""
        self._from = 0  # where what is not final begins
        self._done: tuple[str, ...] = ()

    def render(self, markdown: str) -> tuple[str, ...]:
        """The HTML of every block so far. A text that did not only grow is drawn again."""
        text = clean(markdown)
        if not text.startswith(self._text[: self._from]):
            self._from, self._done = 0, ()
        self._text = text
        source = text[self._from :]
        pieces = parse_pieces(source)
        final = settled(pieces, source)
        if final:
            self._from += pieces[final].start
        pieces = completed(source, pieces, is_all=not self._done)
        done, rest = pieces[:final], pieces[final:]
        self._done += tuple(render_block(piece.block) for piece in done)
        return (*self._done, *(render_block(piece.block) for piece in rest[:-1]), *map(_draw_open, rest[-1:]))


def _draw_open(piece: Piece) -> str:
    block = piece.block
    if isinstance(block, Code) and len(block.text) > _COLOUR_LIMIT:
        block = Code(block.text)
    return render_block(block)
