"""Reads back what a dead process has posted of an answer: only Telegram knows it."""

from dataclasses import dataclass
from typing import Any

from bots.telegram.markup import PAGE_ENTITIES, PAGE_SIZE
from bots.telegram.pages import Page, joined
from core.answer import WAITING
from core.pages import utf16_length
from core.words import locales, t

KEPT = Page("(as it is)")  # not for people: in place of a page that is to stay as it is
# Kinds of entities that the bot writes; the server finds the others by itself.
_OURS = {"bold", "italic", "strikethrough", "spoiler", "code", "pre", "text_link"}
_OURS |= {"blockquote", "expandable_blockquote"}


@dataclass(frozen=True, slots=True)
class Before:
    """What stays of it: the first `messages` unchanged, and the content of the next one; None where that is to
    stay as it is, too."""

    messages: int
    last: Page | None

    def above(self, pages: tuple[Page, ...]) -> tuple[Page, ...]:
        """The pages of all messages: what is there, with `pages` below it."""
        kept, below = (KEPT,) * self.messages, pages[0]
        if self.last is None:
            return (*kept, KEPT, *pages)
        # Another process may have said it, and gone before it noted that.
        text = self.last.text.removesuffix(below.text).rstrip()
        if not text:
            return (*kept, *pages)
        units = utf16_length(text)
        entities = tuple(one for one in self.last.entities if one["offset"] + one["length"] <= units)
        both = joined(Page(text, entities), below)
        if utf16_length(both.text) > PAGE_SIZE or len(both.entities) > PAGE_ENTITIES:
            return (*kept, KEPT, *pages)
        return (*kept, both, *pages[1:])


def read_page(message: dict[str, Any] | None) -> Page | None:
    """What a message shows, without the line that says that it waits; None where that cannot be told."""
    if message is None or not isinstance(text := message.get("text"), str):
        return None
    for note in (t(locale, key) for locale in locales() for key in WAITING):
        text = text.removesuffix(note).rstrip()
    return Page(text, tuple(one for one in message.get("entities", ()) if one["type"] in _OURS))
