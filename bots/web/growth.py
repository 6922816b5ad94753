"""A growing text as HTML blocks, at a cost that depends on what is new and not on what was there."""

from bots.web.markup import render_block
from core.blocks import Code, clean, parse_pieces

# An open code block is drawn again with every token; its colours come when it is this short or closed.
_COLOUR_LIMIT = 1500


class Growth:
    """Blocks before the last one are final: nothing that follows changes them, but for definitions of
    links, which the whole text is drawn with at its end."""

    def __init__(self) -> None:
        self._text = ""
        self._from = 0  # where the open block begins
        self._done: tuple[str, ...] = ()

    def blocks(self, markdown: str) -> tuple[str, ...]:
        """The HTML of every block so far. A text that did not only grow is drawn anew."""
        text = clean(markdown)
        if not text.startswith(self._text[: self._from]):
            self._from, self._done = 0, ()
        self._text = text
        pieces = parse_pieces(text[self._from :])
        if not pieces:
            return self._done
        last = pieces[-1]
        self._done += tuple(render_block(piece.block) for piece in pieces[:-1])
        self._from += last.start
        block = last.block
        if isinstance(block, Code) and len(block.text) > _COLOUR_LIMIT:
            block = Code(block.text)
        return (*self._done, render_block(block))
