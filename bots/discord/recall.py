"""Reads back what a dead process has posted of an answer: only Discord knows it."""

from dataclasses import dataclass

from bots.discord.markup import DiscordRenderer, question_line
from bots.discord.posts import Posts
from core.answer import WAITING, Answer
from core.pages import utf16_length
from core.words import t

_COMMAND, _MODAL_SUBMIT = 2, 5  # kinds of interactions


@dataclass(frozen=True, slots=True)
class Before:
    """What stays of it: the first `messages` unchanged, and the `text` of the next one, without the line that
    says what was asked."""

    messages: int = 0
    text: str = ""

    def pages(self, more: list[str], taken: int) -> list[str]:
        """The texts of all messages: "" for those that stay unchanged, then the text that is there with `more`
        below it. `taken` UTF-16 units stay free in the first."""
        if self == NOTHING:
            return more
        renderer = DiscordRenderer(taken=0 if self.messages else taken)
        # Another process may have said it, and gone before it noted that.
        text = self.text.removesuffix(more[-1]).rstrip()
        joined = renderer.join([text, *more])
        fits = renderer.size(joined).fits(renderer.limit)
        return [*[""] * self.messages, *([joined] if fits else [self.text, *more])]


NOTHING = Before()


async def recall(posts: Posts, answer: Answer) -> Before:
    """What is to stay of the messages of a dead process; NOTHING also where they may not be read. Sets the head
    of `posts` (the line that says what was asked) where the messages have one. Raises DeliveryError."""
    messages = len(posts.ids) - 1 if answer.stays else 0
    found = await posts.read(messages) if posts.ids else None
    if found is None:
        return NOTHING
    text, asked = str(found.get("content") or ""), found.get("interaction_metadata") or {}
    if not (messages or posts.is_private) and asked.get("type") in (_COMMAND, _MODAL_SUBMIT):
        line = text.partition("\n")[0]
        head = line if line.startswith("> ") else ""
        posts.head = posts.head or head or ("" if text else question_line(answer.question))
        text = text.removeprefix(head).lstrip("\n")
    for key in WAITING:
        text = text.removesuffix(t(posts.locale, key)).rstrip()
    return Before(messages, text) if answer.stays else NOTHING


def taken_by(head: str) -> int:
    """UTF-16 units that a page leaves free for the line above the answer."""
    return utf16_length(head) + 2
