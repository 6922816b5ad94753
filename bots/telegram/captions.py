"""Texts around an answer: captions and small print, lists of choices, quoted words, a page that was cut."""

import re

from bots.telegram.markup import PAGE_ENTITIES, PAGE_SIZE, Entity, TelegramRenderer, unmentioned
from bots.telegram.pages import Page, joined
from core.answer import Answer
from core.bidi import isolated
from core.pages import shorten, utf16_length

CAPTION_UNITS = 1024
_PROMPT_UNITS = 600  # of a caption; the whole prompt is behind a button
_MARKUP = re.compile(r"[\\`*_\[\]<>~|#$&!]")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_STILL_READ = re.compile(r"(?<=\|)(?=\|)|(?<=\[)(?=\^)")  # spoilers and footnotes, also as references
_JOINER = "\u2060"  # invisible; parts two characters that mean something together


def caption(prompt: str, note: str, footer: str) -> Page:
    """The prompt, shortened, in a quote that opens on a tap; below it what there is to say."""
    prompt, note, footer = map(unmentioned, (prompt.strip(), note, footer))
    quoted = shorten(prompt, _PROMPT_UNITS)
    below = shorten("\n".join(part for part in (note, footer) if part), CAPTION_UNITS - _PROMPT_UNITS - 2)
    entities = []
    if quoted:
        entities.append(Entity("expandable_blockquote", 0, utf16_length(quoted)).as_dict())
    text = f"{quoted}\n{below}" if quoted and below else quoted or below
    if footer and below.endswith(footer):
        start = utf16_length(text.removesuffix(footer))
        entities.append(Entity("italic", start, utf16_length(footer)).as_dict())
    return Page(text, tuple(entities))


def tail(note: str, footer: str) -> Page:
    """A page of note and footer alone, the footer in a line of its own."""
    drawn = TelegramRenderer().small_print(note, footer)
    return Page(drawn.text or "…", drawn.entities)


def listed(answer: Answer) -> str:
    """The answer with its choices and their details as a list, in Markdown."""
    lines = [
        f"- **{_escaped(isolated(one.label or one.value))}** {_escaped(isolated(one.detail))}"
        for one in answer.choices
    ]
    return "\n\n".join(part for part in (answer.text, _escaped(answer.note), "\n".join(lines)) if part)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def quoted(text: str) -> str:
    """Somebody's words above an answer, as Markdown that shows them as they were typed."""
    return "\n".join(f"> {_as_typed(line)}" for line in text.splitlines())


def _as_typed(line: str) -> str:
    """The line with punctuation as numeric character references: so nothing begins a list, a heading, code or a
    formula. Blanks at its beginning, which would be dropped or make code of it, become no-break spaces."""
    text = line.lstrip()
    before = len(line[: len(line) - len(text)].expandtabs(4))
    shown = _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", _STILL_READ.sub(_JOINER, text.rstrip()))
    return "\u00a0" * before + shown if text else ""


def cut(page: Page, below: Page) -> Page:
    """The first page of an answer that has no room for more pages, marked as cut, and `below` it the rest."""
    units = min(utf16_length(page.text) - 1, PAGE_SIZE - utf16_length(below.text) - 2)
    text = shorten(page.text, units)
    end = utf16_length(text) - 1  # the mark itself has no look
    kept = [
        {**one, "length": min(one["length"], end - one["offset"])}
        for one in page.entities
        if one["offset"] < end
    ]
    return joined(Page(text, tuple(kept[: PAGE_ENTITIES - len(below.entities)])), below)
