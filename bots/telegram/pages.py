"""Answers as pages that Telegram takes: text and entities, so that nothing is parsed there."""

from dataclasses import dataclass

from telegram import MessageEntity

from bots.telegram.markup import PAGE_SIZE, Drawn, TelegramRenderer, measure
from core.pages import Pager

__all__ = ["PAGE_SIZE", "Page", "Pages", "measure"]


@dataclass(frozen=True, slots=True)
class Page:
    """What one message says."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


class Pages:
    """The pages of one answer while it grows. Pages that did not change are the same objects."""

    def __init__(self) -> None:
        self._pager = Pager(TelegramRenderer())
        self._drawn: list[tuple[object, Page]] = []

    def draw(self, text: str, note: str = "", footer: str = "") -> tuple[Page, ...]:
        """The whole answer."""
        return self._sent(self._pager.pages(text, note, footer))

    def draw_so_far(self, text: str, note: str = "", footer: str = "") -> tuple[Page, ...]:
        """An answer that goes on."""
        return self._sent(self._pager.pages_so_far(text, note, footer))

    def _sent(self, drawn_pages: tuple[Drawn, ...]) -> tuple[Page, ...]:
        pages = []
        for number, drawn in enumerate(drawn_pages):
            if number < len(self._drawn) and self._drawn[number][0] == drawn:
                pages.append(self._drawn[number][1])
                continue
            page = Page(drawn.text, tuple(MessageEntity.de_list(list(drawn.entities), None)))
            self._drawn[number:] = [(drawn, page)]
            pages.append(page)
        return tuple(page for page in pages if page.text.strip())
