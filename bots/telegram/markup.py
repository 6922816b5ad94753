"""Blocks to text with entities, computed here so that nothing is parsed on the other side.

Offsets are UTF-16 units. Nothing stands inside code, quotes do not nest, styles never cross, and no style
begins or ends in white space. Characters that the server would drop or replace are left out before counting.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeAlias
from unicodedata import normalize

from msgspec import Struct

from core.commands import BY_NAME
from core.markdown.blocks import (
    Block,
    Code,
    Heading,
    Item,
    List,
    Mark,
    Paragraph,
    Quote,
    Rule,
    Run,
    Runs,
    Table,
    bold,
    one_line,
    plain,
)
from core.markdown.tables import aligned, as_list
from core.pages import Size, utf16_length

PAGE_SIZE = 4096
PAGE_ENTITIES = 100  # more are ignored without a word
_TABLE_WIDTH = 38  # columns of a code block that a phone shows without wrapping
_LONG_QUOTE = 5  # lines or so; a longer one is folded
_LONGEST_LINK = 2048
LOOKS = (
    (Mark.SPOILER, "spoiler"),
    (Mark.BOLD, "bold"),
    (Mark.ITALIC, "italic"),
    (Mark.STRIKE, "strikethrough"),
)
Look: TypeAlias = tuple[str, str]  # a kind of entity, and its extra
Looks: TypeAlias = tuple[Look, ...]
_CODE = ("code", "")
_BULLETS = ("•", "◦", "▪")
_ON_OWN_LINES = (List, Code, Table)  # even as the first of an item
_NO_NAME = re.compile(r"[^\w+.#-]")  # of a language


class Entity(Struct, frozen=True, gc=False):
    """A stretch of text that looks different. `extra`: a link's address or a block's language."""

    kind: str
    offset: int
    length: int
    extra: str = ""

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": self.kind, "offset": self.offset, "length": self.length}
        if self.extra:
            found["url" if self.kind == "text_link" else "language"] = self.extra
        return found


class Drawn(Struct, frozen=True, gc=False):
    """Text, how long it is to Telegram, and its entities; `entities` as the Bot API takes them."""

    text: str
    units: int
    spans: tuple[Entity, ...] = ()

    @property
    def entities(self) -> tuple[dict[str, Any], ...]:
        return tuple(span.as_dict() for span in self.spans)


class TelegramRenderer:
    """Draws blocks as text and entities."""

    limit = Size(PAGE_SIZE, PAGE_ENTITIES)

    def draw(self, block: Block) -> Drawn:
        writer = _Writer()
        writer.block(block)
        return writer.drawn()

    def join(self, drawn: Sequence[Drawn]) -> Drawn:
        parts: list[str] = []
        units, spans = 0, list[Entity]()
        for one in drawn:
            if one.text:
                parts.append(one.text)
                for span in one.spans:
                    spans.append(Entity(span.kind, span.offset + units, span.length, span.extra))
                units += one.units + 2
        return _without_edges(Drawn("\n\n".join(parts), max(units - 2, 0), tuple(spans)))

    def size(self, drawn: Drawn) -> Size:
        return Size(drawn.units, len(drawn.spans))

    def small_print(self, note: str, footer: str) -> Drawn:
        writer = _Writer()
        writer.inline((Run(note.strip()),))
        if note.strip() and footer.strip():
            writer.write("\n")
        writer.inline((Run(footer.strip(), Mark.ITALIC),))
        return writer.drawn()


class _Writer:
    """Text being written, and the styles that are open in it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._spans: list[Entity] = []  # counted in characters
        self._open: list[tuple[Look, int]] = []  # and where each began
        self._length = 0
        self._inked = 0  # where the last visible character ended
        self._pad = ""  # what every line of this list or inner quote begins with
        self._is_quoted = False
        self._lists = 0

    def drawn(self) -> Drawn:
        text = "".join(self._parts)
        units = utf16_length(text)
        spans = self._spans if units == len(text) else _in_units(self._spans, text)
        if len(spans) > 1:
            spans.sort(key=lambda span: (span.offset, -span.length))
        return Drawn(text, units, tuple(spans))

    def write(self, text: str) -> None:
        if self._pad and "\n" in text:
            text = text.replace("\n", f"\n{self._pad}")
        self._parts.append(text)
        self._length += len(text)

    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.inline(block.runs)
            case Heading():
                self.inline(bold(one_line(block.runs)))
            case Rule():
                self.write("———")
            case Code():
                self._pre(block.text, _NO_NAME.sub("", block.language)[:32])
            case Quote():
                self._quote(block)
            case List():
                self._list(block.items, block.start)
            case Item():
                self._list((block,), None)
            case Table():
                lines = aligned(block, _TABLE_WIDTH)
                if lines is None:
                    self.block(as_list(block))
                else:
                    self._pre(lines, "")

    def _blocks(self, blocks: Sequence[Block], gap: str) -> None:
        for at, block in enumerate(blocks):
            if at:
                self.write(gap)
            self.block(block)

    def inline(self, runs: Runs) -> None:
        """Runs without white space around them; a style stays open while the next run has it, too."""
        runs = linkable(runs)
        last = len(runs) - 1
        for at, run in enumerate(runs):
            text = sent(run.text)
            text = text.lstrip() if at == 0 else text
            text = text.rstrip() if at == last else text
            looks = _looks(run) if run.marks or run.link else ()
            core = text.strip()
            if self._open and core:
                self._close(looks)
            if not looks or not core:
                self.write(unmentioned(text))
                continue
            before, _, behind = text.partition(core)
            if before:
                self.write(before)
            for look in looks[len(self._open) :]:
                self._open.append((look, self._length))
            self.write(core if run.marks & Mark.CODE else unmentioned(core))
            self._inked = self._length
            if behind:
                self.write(behind)
        if self._open:
            self._close(())

    def _close(self, looks: Looks) -> None:
        """Ends the styles that the coming text does not have, and those that were opened within them."""
        keep, most = 0, min(len(self._open), len(looks))
        while keep < most and self._open[keep][0] == looks[keep] != _CODE:
            keep += 1
        for (kind, extra), begin in self._open[keep:]:
            self._spans.append(Entity(kind, begin, self._inked - begin, extra))
        del self._open[keep:]

    def _pre(self, text: str, language: str) -> None:
        pad, self._pad = self._pad, ""  # moved in, the code would be copied so
        begin = self._length
        self.write(sent(text.expandtabs(4)).rstrip("\n"))
        if self._length > begin:
            self._spans.append(Entity("pre", begin, self._length - begin, language))
        self._pad = pad

    def _quote(self, quote: Quote) -> None:
        """Only the outermost is a quote to Telegram; inner ones have a bar before each line."""
        if self._is_quoted:
            pad, self._pad = self._pad, f"{self._pad}▏ "
            self.write("▏ ")
            self._blocks(quote.blocks, "\n")
            self._pad = pad
            return
        begin, first = self._length, len(self._parts)
        self._is_quoted = True
        if quote.kind:
            self.inline((Run(quote.kind, Mark.BOLD),))
            self.write("\n")
        self._blocks(quote.blocks, "\n\n")
        self._is_quoted = False
        if self._length > begin:
            lines = sum(part.count("\n") + len(part) // 60 for part in self._parts[first:])
            kind = "expandable_blockquote" if lines >= _LONG_QUOTE else "blockquote"
            self._spans.append(Entity(kind, begin, self._length - begin))

    def _list(self, items: Sequence[Item], start: int | None) -> None:
        bullet = _BULLETS[min(self._lists, len(_BULLETS) - 1)]
        self._lists += 1
        for at, item in enumerate(items):
            if at:
                self.write("\n")
            self._item(item, bullet if start is None else f"{start + at}.")
        self._lists -= 1

    def _item(self, item: Item, mark: str) -> None:
        if item.checked is not None:
            mark = "☑" if item.checked else "☐"
        pad = self._pad
        self._pad = f"{pad}   "
        if item.resumed:
            self.write("   ")
        else:
            self.write(f"{mark} " if item.blocks else mark)
        for at, block in enumerate(item.blocks):
            if at or isinstance(block, _ON_OWN_LINES):
                self.write("\n")
            self.block(block)
        self._pad = pad


_TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")  # a character that takes so many in UTF-16


def _in_units(spans: list[Entity], text: str) -> list[Entity]:
    """The spans of a text, which count its characters, in UTF-16 units."""
    wide = [found.start() for found in _TWO_UNITS.finditer(text)]
    edges = [(span.offset, span.offset + span.length) for span in spans]
    units = [(begin + bisect_left(wide, begin), end + bisect_left(wide, end)) for begin, end in edges]
    return [
        Entity(span.kind, begin, end - begin, span.extra)
        for span, (begin, end) in zip(spans, units, strict=True)
    ]


def _looks(run: Run) -> Looks:
    """What a run looks like, from the outermost style to the innermost."""
    if run.marks & Mark.CODE and not run.link and not is_command(run.text):
        return (_CODE,)
    looks = _looks_of(run.marks)
    return (("text_link", run.link), *looks) if run.link else looks


@cache
def _looks_of(marks: int) -> Looks:
    return tuple((kind, "") for mark, kind in LOOKS if marks & mark)


def is_command(text: str) -> bool:
    """Whether it is one of the bot's own commands: left as plain text, it can be tapped."""
    return text[:1] == "/" and text[1:] in BY_NAME and " " not in text


# Of the links that mark the bot's own forms: no answer may hold one. No name ends in .invalid.
FORM_HOST = "minitool.invalid"


# Addresses that TDLib takes for a link (`parse_url`, `LinkManager::check_link_impl`), and fewer: none with IPv6
# or the name of a user. For one that it does not take it refuses the whole message.
_LABEL = r"(?:[\w!$,~*'();&+=\x80-\U0010ffff-]|%[0-9a-f]{2})+"
_LINK = re.compile(
    rf"https?://{_LABEL}(?:\.{_LABEL})+\.?(?::0*([1-9][0-9]{{0,4}}))?(?=[/?#]|\Z)", re.IGNORECASE
)


def linkable(runs: Runs) -> Runs:
    """The runs with no links but those that Telegram takes: of others the address stands behind the words."""
    for run in runs:
        if run.link and not _is_usable(run.link):
            return _with_addresses(runs)
    return runs


def _with_addresses(runs: Runs) -> Runs:
    found: list[Run] = []
    for link, group in groupby(runs, key=lambda run: run.link):
        if not link or _is_usable(link):
            found += group
            continue
        words = [Run(run.text, run.marks) for run in group]
        address = _said(link)
        found += words
        if address not in plain(words):
            found.append(Run(f" ({address})", words[-1].marks & ~Mark.CODE))
    return tuple(found)


def _is_usable(link: str) -> bool:
    found = _LINK.match(link)
    if found is None or int(found[1] or 1) > 65_535:
        return False
    return len(link) <= _LONGEST_LINK and FORM_HOST not in link.lower()


def _said(link: str) -> str:
    """An address to read; "" for one that leads nowhere from a chat."""
    scheme, _, rest = link.partition(":")
    if len(link) > _LONGEST_LINK or scheme.lower() not in ("http", "https", "mailto"):
        return ""
    return rest.partition("?")[0] if scheme.lower() == "mailto" else link


# Tabs become one space there; direction overrides and marks that cover other lines are dropped.
_REPLACED = {0x09: " ", 0x2028: " ", 0x2029: " ", 0x030A: "", 0x0333: "", 0x033F: ""}
_REPLACED |= dict.fromkeys(range(0x202A, 0x202F), "")
_ANY_REPLACED = re.compile(f"[{''.join(map(chr, _REPLACED))}]")


def sent(text: str) -> str:
    """The text as the server will have it."""
    if text.isascii():
        return text.replace("\t", " ")
    if "\u030a" in text:
        text = normalize("NFC", text)
    return text.translate(_REPLACED) if _ANY_REPLACED.search(text) else text


# Where only the end of a run follows, the name may be in the next. An address keeps its sign, of signs only
# that Telegram sees one in, too: elsewhere it would find a name.
_MENTION = re.compile(
    r"(?<![^\s(])(https?://(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}/[A-Za-z0-9/._~%@-]*)|(?<!\w)@(?=\w|\Z)"
)


def unmentioned(text: str) -> str:
    """The text with a word joiner after each @: it looks the same and mentions nobody."""
    return _MENTION.sub(lambda found: found[1] or "@\u2060", text) if "@" in text else text


def _without_edges(drawn: Drawn) -> Drawn:
    """What the server would cut off: white space at the end, and at the beginning before any style."""
    first = drawn.spans[0].offset if drawn.spans else len(drawn.text)
    lead = min(len(drawn.text) - len(drawn.text.lstrip(" \n")), first)
    text = drawn.text[lead:].rstrip()
    if len(text) == len(drawn.text):
        return drawn
    end = drawn.units - (len(drawn.text) - len(text))  # white space takes one unit a character
    spans = []
    for span in drawn.spans:
        offset = span.offset - lead
        length = min(offset + span.length, end) - offset
        if length > 0:
            spans.append(Entity(span.kind, offset, length, span.extra))
    return Drawn(text, end, tuple(spans))
