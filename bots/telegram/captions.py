"""Small texts that no renderer draws: captions, the bar of a waiting order, a page cut short."""

import re

from bots.telegram.markup import Entity, unmentioned
from bots.telegram.pages import Page, measure
from core.answer import Answer, Progress
from core.bidi import isolated
from core.pages import safe

CAPTION_UNITS = 1024
PROMPT_UNITS = 600  # of a caption; the whole prompt is behind a button
BAR = 10
_SIGNS = re.compile(r"[\\`*_\[\]<>~|#$&!]")


def caption(prompt: str, note: str, footer: str) -> Page:
    """The prompt, shortened, in a quote that opens on a tap; below it what there is to say."""
    prompt, note, footer = map(unmentioned, (prompt.strip(), note, footer))
    quoted = shorten(prompt, PROMPT_UNITS)
    below = shorten("\n".join(part for part in (note, footer) if part), CAPTION_UNITS - PROMPT_UNITS - 2)
    entities = []
    if quoted:
        entities.append(Entity("expandable_blockquote", 0, measure(quoted)).as_dict())
    text = f"{quoted}\n{below}" if quoted and below else quoted or below
    if footer and below.endswith(footer):
        start = measure(text.removesuffix(footer))
        entities.append(Entity("italic", start, measure(footer)).as_dict())
    return Page(text, tuple(entities))


def small(text: str) -> Page:
    """Small print alone."""
    text = unmentioned(text)
    return Page(text, (Entity("italic", 0, measure(text)).as_dict(),))


def bar(progress: Progress) -> str:
    """How far an order is, in signs that every client has; "" while nobody knows."""
    if progress.place or not progress.expected:
        return ""
    full = min(BAR, round(BAR * progress.elapsed / progress.expected))
    return "▓" * full + "░" * (BAR - full)


def listed(answer: Answer) -> str:
    """What there is to say of the choices, as Markdown."""
    lines = [
        f"- **{escaped(isolated(one.label or one.value))}** {escaped(isolated(one.detail))}"
        for one in answer.choices
    ]
    return "\n\n".join(part for part in (answer.text, escaped(answer.note), "\n".join(lines)) if part)


def escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text)


def cut(page: Page) -> Page:
    """The first page of an answer that has no room for more, marked as such."""
    text = shorten(page.text, measure(page.text) - 1)
    end = measure(text) - 1  # the mark itself has no look
    return Page(
        text,
        tuple(
            {**one, "length": min(one["length"], end - one["offset"])}
            for one in page.entities
            if one["offset"] < end
        ),
    )


def shorten(text: str, units: int) -> str:
    """`text` in at most `units` UTF-16 units, with a mark where something is missing."""
    if measure(text) <= units:
        return text
    end = units - 1
    while measure(text[:end]) > units - 1:
        end -= max(1, (measure(text[:end]) - units + 1) // 2)
    return text[: safe(text, end)].rstrip() + "…"
