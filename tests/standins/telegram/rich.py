"""Rich messages as blocks: what the Bot API takes, and the words in them."""

from typing import Any

from .wire import Json, bad, check_link

MOST_UNITS, MOST_BLOCKS, MOST_LEVELS, MOST_COLUMNS = 32_768, 500, 16, 20
LOOKS = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "marked",
    "subscript",
    "superscript",
}


class Reading:
    """The words of rich blocks, or the Refusal."""

    def __init__(self) -> None:
        self.count = 0

    def message(self, rich: Json) -> str:
        if [name in rich for name in ("blocks", "markdown", "html")].count(True) != 1:
            raise bad("exactly one of the fields html, markdown or blocks must be used")
        if "blocks" not in rich:
            return str(rich.get("markdown") or rich.get("html"))
        text = self.blocks(rich["blocks"], 1)
        if not text.strip():
            raise bad("message text is empty")
        if len(text) > MOST_UNITS or self.count > MOST_BLOCKS:
            raise bad("message is too long")
        return text

    def blocks(self, blocks: Any, level: int) -> str:
        if not isinstance(blocks, list) or not blocks or level > MOST_LEVELS:
            raise bad("can't parse rich message blocks")
        return "\n".join(self.block(block, level) for block in blocks)

    def block(self, block: Json, level: int) -> str:
        self.count += 1
        match block:
            case {"type": "paragraph" | "footer" | "pre", "text": text}:
                return self.text(text)
            case {"type": "heading", "text": text, "size": 1 | 2 | 3 | 4 | 5 | 6}:
                return self.text(text)
            case {"type": "divider"}:
                return "———"
            case {"type": "blockquote", "blocks": inner}:
                return self.blocks(inner, level + 1)
            case {"type": "list", "items": items} if items:
                return "\n".join(self.item(item, level) for item in items)
            case {"type": "table", "cells": rows} if rows:
                return "\n".join(self.row(row) for row in rows)
        raise bad("can't parse rich message blocks")

    def item(self, item: Json, level: int) -> str:
        self.count += 1
        return self.blocks(item.get("blocks"), level + 1)

    def row(self, row: list[Json]) -> str:
        self.count += 1
        if len(row) > MOST_COLUMNS:
            raise bad("the table has too many columns")
        for cell in row:
            if cell.get("align") not in ("left", "center", "right") or cell.get("valign") != "top":
                raise bad("can't parse rich message table cell")
        return " | ".join(self.text(cell["text"]) for cell in row)

    def text(self, text: Any) -> str:
        match text:
            case str():
                return text
            case list() if text:
                return "".join(map(self.text, text))
            case {"type": "url", "url": str(url), "text": inner}:
                check_link(url)
                return self.text(inner)
            case {"type": kind, "text": inner} if kind in LOOKS:
                return self.text(inner)
        raise bad("can't parse rich text")
