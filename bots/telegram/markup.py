"""Blocks to text with entities, computed here so that nothing is parsed on the other side.

Offsets are UTF-16 units. Nothing stands inside code; quotes do not nest; no entity is empty or begins or
ends in white space, which the other side would cut off and so shift everything behind it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.blocks import Block, Code, Heading, Item, List, Mark, Paragraph, Quote, Rule, Run, Runs, Table
from core.pages import Size
from core.tables import aligned, as_list

PAGE_SIZE = 4096
PAGE_ENTITIES = 100  # more are ignored without a word
_TABLE_WIDTH = 38  # columns of a code block that a phone shows without wrapping
_LONG_QUOTE = 5  # lines; a longer one is folded
_LONGEST_LINK = 2048
_STYLES = (
    (Mark.BOLD, "bold"),
    (Mark.ITALIC, "italic"),
    (Mark.STRIKE, "strikethrough"),
    (Mark.SPOILER, "spoiler"),
)
_QUOTES = ("blockquote", "expandable_blockquote")


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text that looks different. `extra`: a link's address or a block's language."""

    kind: str
    offset: int
    length: int
    extra: str = ""

    def as_dict(self) -> dict[str, object]:
        found: dict[str, object] = {"type": self.kind, "offset": self.offset, "length": self.length}
        if self.extra:
            found["url" if self.kind == "text_link" else "language"] = self.extra
        return found


@dataclass(frozen=True, slots=True)
class Drawn:
    """Text with its entities; `entities` as the Bot API takes them."""

    text: str
    spans: tuple[Entity, ...] = ()

    @property
    def entities(self) -> tuple[dict[str, object], ...]:
        return tuple(span.as_dict() for span in self.spans)


def measure(text: str) -> int:
    """UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class TelegramRenderer:
    """Draws blocks as text and entities."""

    limit = Size(PAGE_SIZE, PAGE_ENTITIES)

    def draw(self, block: Block) -> Drawn:
        return _block(block)

    def join(self, drawn: Sequence[Drawn]) -> Drawn:
        return _joined([one for one in drawn if one.text], "\n\n")

    def size(self, drawn: Drawn) -> Size:
        return Size(measure(drawn.text), len(drawn.spans))

    def small_print(self, note: str, footer: str) -> Drawn:
        parts = [Drawn(note[:700].strip())] if note.strip() else []
        if footer.strip():
            parts.append(_marked(Drawn(footer[:300].strip()), "italic"))
        return _joined(parts, "\n")


def _block(block: Block) -> Drawn:
    match block:
        case Paragraph(runs):
            return _trimmed(_inline(runs))
        case Heading(_, runs):
            line = tuple(Run(run.text.replace("\n", " "), run.marks | Mark.BOLD, run.link) for run in runs)
            return _trimmed(_inline(line))
        case Code(text, language):
            return _pre(text, language)
        case Quote(blocks, kind):
            return _quote(blocks, kind)
        case List(items, start):
            marks = ("•" if start is None else f"{start + at}." for at in range(len(items)))
            return _joined([_item(item, mark) for item, mark in zip(items, marks, strict=True)], "\n")
        case Item():
            return _item(block, "•")
        case Table():
            lines = aligned(block, _TABLE_WIDTH)
            return _block(as_list(block)) if lines is None else _pre(lines, "")
        case Rule():
            return Drawn("───")


def _pre(text: str, language: str) -> Drawn:
    lines = text.strip("\n").rstrip()
    if not lines.strip():
        return Drawn("")
    name = "".join(char for char in language if char.isalnum() or char in "+#-_.")[:32]
    return Drawn(lines, (Entity("pre", 0, measure(lines), name),))


def _quote(blocks: Iterable[Block], kind: str) -> Drawn:
    inner = [_block(one) for one in blocks]
    if kind:
        inner.insert(0, _marked(Drawn(kind), "bold"))
    drawn = _joined([one for one in inner if one.text], "\n\n")
    plain = replace(drawn, spans=tuple(span for span in drawn.spans if span.kind not in (*_QUOTES, "pre")))
    return _marked(plain, _QUOTES[plain.text.count("\n") >= _LONG_QUOTE])


def _item(item: Item, mark: str) -> Drawn:
    box = "" if item.checked is None else "☑ " if item.checked else "☐ "
    lead = "" if item.resumed else f"{box}" if box else f"{mark} "
    parts: list[Drawn] = []
    for block in item.blocks:
        drawn = _block(block)
        parts.append(_indented(drawn) if isinstance(block, List) else drawn)
    inner = _joined([part for part in parts if part.text], "\n")
    return _joined([Drawn(lead), inner], "") if inner.text else Drawn(lead.rstrip())


def _indented(drawn: Drawn) -> Drawn:
    """Every line moved in, and the entities with them."""
    lines, spans = drawn.text.split("\n"), list(drawn.spans)
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += measure(line) + 1

    def moved(place: int) -> int:
        return place + 3 * sum(1 for start in starts if start <= place)

    def ended(place: int) -> int:
        return place + 3 * sum(1 for start in starts if start < place)

    shifted = (
        replace(span, offset=moved(span.offset), length=ended(span.offset + span.length) - moved(span.offset))
        for span in spans
    )
    return Drawn("\n".join(f"   {line}" for line in lines), tuple(shifted))


def _inline(runs: Runs) -> Drawn:
    return _joined([_run(run) for run in runs if run.text], "")


def _run(run: Run) -> Drawn:
    core = run.text.strip()
    if not core:
        return Drawn(run.text)
    lead = run.text[: len(run.text) - len(run.text.lstrip())]
    offset, length = measure(lead), measure(core)
    if run.marks & Mark.CODE:
        return Drawn(run.text, (Entity("code", offset, length),))
    spans = [Entity(name, offset, length) for mark, name in _STYLES if run.marks & mark]
    if _is_usable(run.link):
        spans.insert(0, Entity("text_link", offset, length, run.link))
    return Drawn(run.text, tuple(spans))


def _is_usable(link: str) -> bool:
    lower = link.lower()
    return lower.startswith(("http://", "https://", "mailto:")) and len(link) <= _LONGEST_LINK


def _marked(drawn: Drawn, kind: str) -> Drawn:
    return Drawn(drawn.text, (Entity(kind, 0, measure(drawn.text)), *drawn.spans)) if drawn.text else drawn


def _joined(parts: Sequence[Drawn], gap: str) -> Drawn:
    text, units, spans = "", 0, []
    for part in parts:
        if text and gap:
            text += gap
            units += len(gap)
        spans += [replace(span, offset=span.offset + units) for span in part.spans]
        text += part.text
        units += measure(part.text)
    return Drawn(text, tuple(spans))


def _trimmed(drawn: Drawn) -> Drawn:
    """Without white space around it, which would be cut off and shift the entities."""
    lead = measure(drawn.text) - measure(drawn.text.lstrip())
    text = drawn.text.strip()
    end = measure(text)
    spans = []
    for span in drawn.spans:
        start, stop = max(0, span.offset - lead), min(end, span.offset + span.length - lead)
        if stop > start:
            spans.append(replace(span, offset=start, length=stop - start))
    return Drawn(text, tuple(spans))
