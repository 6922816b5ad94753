"""Blocks to rich messages (Bot API 10.2): headings, tables and nested quotes as Telegram's own.

They are sent as blocks, never as Markdown or HTML, so that nothing a model wrote is parsed there: no tag,
picture, button or mention can hide in a text.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from bots.telegram.markup import LOOKS, is_command, linkable, sent, unmentioned
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
)
from core.markdown.tables import as_list
from core.pages import Size

_RICH_UNITS, _RICH_BLOCKS = 32_768, 500  # items, rows and quotes count as blocks
_COLUMNS = 20
# Fields that hold RichTexts, and those that hold more of the message.
_TEXTS = ("summary", "text", "expression", "alternative_text", "caption", "credit")
_PARTS = ("blocks", "items", "cells")
_ALIGN = {"Center": "center", "Right": "right"}

Json = dict[str, Any]  # an InputRichBlock or a RichText


class RichDrawn(Struct, frozen=True, gc=False):
    """`blocks` as the Bot API takes them; `text` is what they say, for chats that do not take them."""

    blocks: tuple[Json, ...]
    text: str
    count: int


class RichRenderer:
    """Draws blocks as rich blocks."""

    limit = Size(_RICH_UNITS, _RICH_BLOCKS)

    def draw(self, block: Block) -> RichDrawn:
        drawing = _Drawing()
        blocks = drawing.block(block)
        return RichDrawn(tuple(blocks), "".join(drawing.texts), drawing.count)

    def join(self, drawn: Sequence[RichDrawn]) -> RichDrawn:
        return RichDrawn(
            tuple([block for one in drawn for block in one.blocks]),
            "\n\n".join([one.text for one in drawn if one.text]),
            sum([one.count for one in drawn]),
        )

    def size(self, drawn: RichDrawn) -> Size:
        return Size(len(drawn.text), drawn.count)

    def small_print(self, note: str, footer: str) -> RichDrawn:
        drawing = _Drawing()
        blocks = drawing.block(Paragraph((Run(note.strip()),))) if note.strip() else []
        if footer.strip():
            blocks += drawing.made("footer", text=drawing.text((Run(footer.strip()),)))
        return RichDrawn(tuple(blocks), "\n".join(drawing.texts), drawing.count)


class _Drawing:
    """Blocks being drawn: how many there are, and what they say."""

    def __init__(self) -> None:
        self.count = 0
        self.texts: list[str] = []

    def made(self, kind: str, **fields: Any) -> list[Json]:
        if not all(fields.values()):
            return []
        self.count += 1
        return [{"type": kind, **fields}]

    def block(self, block: Block) -> list[Json]:
        """Empty where there is nothing to see yet: Telegram takes no empty blocks."""
        match block:
            case Paragraph():
                return self.made("paragraph", text=self.text(block.runs))
            case Heading():
                return self.made("heading", text=self.text(block.runs), size=min(max(block.level, 1), 6))
            case Code(text, language):
                self.texts.append(text)
                return self.made("pre", text=text, **({"language": language} if language else {}))
            case Quote(blocks, kind):
                title = (Paragraph((Run(kind, Mark.BOLD),)),) if kind else ()
                return self.made("blockquote", blocks=self.blocks((*title, *blocks)))
            case List(items, start):
                drawn = [self.item(item, start, at) for at, item in enumerate(items)]
                return self.made("list", items=[item for item in drawn if item["blocks"]])
            case Item():
                return self.block(List((block,)))
            case Table() if max(len(block.head), *map(len, block.rows), 0) <= _COLUMNS:
                return self.table(block)
            case Table():
                return self.block(as_list(block))
            case Rule():
                return self.made("divider")

    def blocks(self, blocks: Sequence[Block]) -> list[Json]:
        return [drawn for block in blocks for drawn in self.block(block)]

    def item(self, item: Item, start: int | None, at: int) -> Json:
        self.count += 1
        drawn: Json = {"blocks": self.blocks(item.blocks)}
        if start is not None:
            drawn |= {"value": start + at, "type": "1"}
        if item.checked is not None:
            drawn |= {"has_checkbox": True, **({"is_checked": True} if item.checked else {})}
        return drawn

    def table(self, table: Table) -> list[Json]:
        rows = [table.head, *table.rows] if table.head else list(table.rows)
        cells = []
        for number, row in enumerate(rows):
            self.count += 1
            cells.append([self.cell(runs, align) for runs, align in zip(row, table.align, strict=False)])
            if number == 0 and table.head:
                cells[0] = [cell | {"is_header": True} for cell in cells[0]]
        return self.made("table", cells=cells, is_bordered=True)

    def cell(self, runs: Runs, align: str) -> Json:
        return {"align": _ALIGN.get(align, "left"), "valign": "top", "text": self.text(runs) or " "}

    def text(self, runs: Runs) -> Any:  # a RichText: a string, one look, or a list of those
        parts = [self.run(run) for run in linkable(runs) if run.text]
        return parts[0] if len(parts) == 1 else parts

    def run(self, run: Run) -> Any:  # as above
        text = sent(run.text)
        self.texts.append(text)
        if not run.marks and not run.link:
            return unmentioned(text)
        if run.marks & Mark.CODE and not run.link and not is_command(run.text):
            return {"type": "code", "text": text}
        look: Any = unmentioned(text)
        for mark, kind in LOOKS:
            if run.marks & mark:
                look = {"type": kind, "text": look}
        return {"type": "url", "text": look, "url": run.link} if run.link else look


def rich_words(rich: Any, between: str = "") -> str:  # a RichMessage, or any part of one
    """What a rich message of anybody says."""
    if isinstance(rich, list):
        inner = " | " if between else ""  # of a table: cells within a row
        return between.join(filter(None, (rich_words(one, inner) for one in rich)))
    if not isinstance(rich, dict):
        return rich if isinstance(rich, str) else ""
    texts = (rich_words(rich.get(name)) for name in _TEXTS)
    return "\n".join(filter(None, (*texts, *(rich_words(rich.get(name), "\n") for name in _PARTS))))
