"""Answers as pages for Telegram: text with entities, or rich blocks, so that Telegram parses nothing."""

from dataclasses import dataclass
from typing import Any

import structlog

from bots.telegram.calls import Declined, Unknown
from bots.telegram.markup import Drawn, TelegramRenderer
from bots.telegram.rich import RichDrawn, RichRenderer
from core.answer import Phase
from core.errors import Gone
from core.pages import Pager, utf16_length

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """The content of one message, as the Bot API takes it. With `blocks` it is a rich message, and `text` is
    its plain text."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()
    blocks: tuple[dict[str, Any], ...] = ()


def joined(above: Page, below: Page) -> Page:
    """One page of two: `below` stands after a blank line."""
    start = utf16_length(above.text) + 2
    moved = ({**one, "offset": one["offset"] + start} for one in below.entities)
    return Page(f"{above.text}\n\n{below.text}", (*above.entities, *moved))


class Pages:
    """The pages of one answer while it grows. `bare`: plain text without entities, which no server can refuse
    for them."""

    def __init__(self, *, rich: bool = False, bare: bool = False) -> None:
        self.is_rich, self.is_bare = rich, bare
        self._pager: Pager[Any] = Pager(RichRenderer() if rich else TelegramRenderer())  # of either's drawings

    def draw(self, text: str, note: str = "", footer: str = "") -> tuple[Page, ...]:
        """The whole answer."""
        return self._sent(self._pager.pages(text, note, footer))

    def draw_so_far(self, text: str, note: str, footer: str) -> tuple[Page, ...]:
        """An answer that goes on, or ended too early."""
        return self._sent(self._pager.pages_so_far(text, note, footer))

    def _sent(self, drawn_pages: tuple[Drawn, ...]) -> tuple[Page, ...]:
        pages = (Page(drawn.text) if self.is_bare else _page(drawn) for drawn in drawn_pages)
        return tuple(page for page in pages if page.text.strip() or page.blocks)

    def plainer(self, error: Unknown | Declined, phase: Phase) -> "Pages":
        """Simpler pages for an answer that was refused: without rich blocks, which the server may not know;
        then, for a final state, plain text. Raises `error` while the answer grows, and Gone where even plain
        text was refused."""
        if not self.is_rich and (isinstance(error, Unknown) or not phase.is_final):
            raise error
        if self.is_bare:
            raise Gone(cause=error.cause) from error
        log.warning("telegram.plainer", cause=error.cause, phase=phase.value)
        return Pages(bare=not self.is_rich)


def _page(drawn: Drawn | RichDrawn) -> Page:
    if isinstance(drawn, RichDrawn):
        return Page(drawn.text, blocks=drawn.blocks)
    return Page(drawn.text, drawn.entities)
