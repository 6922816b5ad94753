"""Markdown to a small tree of blocks. Whatever the input, every visible character is in the tree once."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Any, ClassVar, TypeAlias

import pyromark
from msgspec import Struct
from msgspec.structs import replace

from core.markdown import latex, masks, tags
from core.markdown.runs import ADDRESS, Mark, Run, Runs, bold, link_of, merged, one_line, plain
from core.surrogates import mended

# Re-exports what renderers need of `core.markdown.runs`.
__all__ = ["ADDRESS", "Mark", "Run", "Runs", "bold", "link_of", "one_line", "plain"]

# Quotes, lists and items nested deeper are drawn at this depth, so that no renderer recurses far.
_MAX_FRAMES = 16

Row: TypeAlias = tuple[Runs, ...]


# Structs, since a page has hundreds of them and their runs: a dataclass takes three times as long to make. No
# block is in itself, so none needs the garbage collector.
class Paragraph(Struct, frozen=True, gc=False):
    runs: Runs


class Heading(Struct, frozen=True, gc=False):
    level: int
    runs: Runs


class Code(Struct, frozen=True, gc=False):
    text: str  # without the last line's newline
    language: str = ""


class Quote(Struct, frozen=True, gc=False):
    blocks: "tuple[Block, ...]"
    kind: str = ""  # Note, Tip, Important, Warning, Caution


class Item(Struct, frozen=True, gc=False):
    blocks: "tuple[Block, ...]"
    checked: bool | None = None  # None: not a task
    resumed: bool = False  # the rest of an item that began on an earlier page: no bullet


class List(Struct, frozen=True, gc=False):
    items: tuple[Item, ...]
    start: int | None = None  # None: bullets


class Table(Struct, frozen=True, gc=False):
    align: tuple[str, ...]  # None, Left, Center, Right
    head: Row
    rows: tuple[Row, ...]


class Rule(Struct, frozen=True, gc=False):
    pass


Block: TypeAlias = Paragraph | Heading | Code | Quote | Item | List | Table | Rule


class Piece(Struct, frozen=True, gc=False):
    """A block of the top level and where it begins in the source; `inner` is where its items or rows begin."""

    block: Block
    start: int
    inner: tuple[int, ...] = ()
    has_table: bool = False  # is one, or holds one


def parse(markdown: str) -> tuple[Block, ...]:
    """The blocks of any text, however broken or unfinished. Never raises."""
    return tuple([piece.block for piece in parse_placeless(clean(markdown))])


def parse_pieces(markdown: str, links: Mapping[str, str] | None = None) -> list[Piece]:
    """The blocks of clean text with their places. `links` are definitions from before it, by label."""
    parser = _parser(links)
    pieces = _built(markdown, lambda text: parser.events_with_range(text, merge_text=True))
    return _in_characters(pieces, markdown)


def parse_placeless(markdown: str, links: Mapping[str, str] | None = None) -> list[Piece]:
    """As `parse_pieces`, but every start is 0: tracking places is half of the parser's cost."""
    parser = _parser(links)
    return _built(markdown, lambda text: zip(parser.events(text), repeat(_NOWHERE), strict=False))


def _parser(links: Mapping[str, str] | None) -> pyromark.Markdown:
    if not links:
        return masks.PARSER

    def resolve(link: Any) -> tuple[str, str] | None:  # Any: a TypedDict of the parser
        address = links.get(_label(masks.unmasked(link["reference"])))
        return None if address is None else (address, "")

    return pyromark.Markdown(options=masks.OPTIONS, broken_link_callback=resolve)


_NOWHERE = {"start": 0}


def _built(markdown: str, read: Callable[[str], masks.Events]) -> list[Piece]:
    events, shown = masks.events(markdown, read)
    builder = _Builder(shown)
    builder.feed(events)
    return builder.pieces


def settled(pieces: Sequence[Piece], source: str) -> int:
    """How many leading pieces of a growing source are final, whatever follows. The last one never is; nor
    is the one before it where the last is the unfinished last line: `**` is a rule until a word follows."""
    line = source.rfind("\n") + 1
    return max(0, len(pieces) - (2 if pieces and pieces[-1].start >= line else 1))


def definitions(markdown: str) -> dict[str, str]:
    """The link definitions of a text by label, for `parse_pieces` of what follows it."""
    if "]:" not in markdown:
        return {}
    found = masks.PARSER.reference_definitions(markdown)
    return {_label(name): link["dest"] for name, link in found.items()}


def _label(text: str) -> str:
    """A link label as Markdown compares them: without regard to case and spacing."""
    return " ".join(text.split()).casefold()


_CONTROLS = bytes([*range(9), *range(11, 32), 127])


def fenced(text: str, language: str = "") -> str:
    """Markdown of a block of code: no fence inside of it ends it early."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def clean(text: str) -> str:
    """Text that can be encoded: newlines as `\\n`, no control characters, no lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = mended(text).encode()
    return data.translate(None, _CONTROLS).decode()


def _in_characters(pieces: list[Piece], source: str) -> list[Piece]:
    """The parser counts bytes, Python counts characters."""
    if source.isascii():
        return pieces
    data = source.encode()
    places = sorted({0, *(piece.start for piece in pieces), *(i for piece in pieces for i in piece.inner)})
    at: dict[int, int] = {0: 0}
    for before, place in pairwise(places):
        at[place] = at[before] + len(data[before:place].decode())
    return [
        replace(piece, start=at[piece.start], inner=tuple([at[i] for i in piece.inner])) for piece in pieces
    ]


_BREAK = re.compile(r"<br\s*/?>\n?", re.IGNORECASE)
_NOTE = re.compile(r"\[\^(\d{1,3})\]")
_MARKS = {"Strong": Mark.BOLD, "Emphasis": Mark.ITALIC, "Strikethrough": Mark.STRIKE}
_CONTAINERS = ("Item", "List", "BlockQuote", "FootnoteDefinition")
_LEAVES = ("Heading", "Table", "CodeBlock", "HtmlBlock")


class _Frame(Struct):
    """A container that is still open."""

    kind: str
    value: Any = None  # what the parser says of it: list start, quote kind, heading level, column alignment
    start: int = 0
    blocks: list[Block] = []
    inner: list[int] = []
    checked: bool | None = None


class _Builder:
    """Turns the parser's events into blocks, without recursion."""

    def __init__(self, shown: masks.Shown) -> None:
        self.pieces: list[Piece] = []
        self._shown = shown
        self._frames: list[_Frame] = [_Frame("Document")]
        self._runs: list[Run] = []
        self._looks: list[tuple[int, str]] = [(Mark.NONE, "")]
        self._text: list[str] | None = None  # lines of the code or HTML block that is open
        self._rows: list[Row] = []  # of the table that is open ...
        self._cells: list[Runs] = []  # ... and the cells of its row
        self._has_tags = self._has_table = False
        self._too_deep = 0

    def feed(self, events: Iterable[tuple[Any, Any]]) -> None:  # Any: the parser's unions of TypedDicts
        beginning_of, end_of = self._beginnings.get, self._ends.get  # once: each costs as much as a call
        for event, span in events:
            if "Text" in event:
                self._say(event["Text"])
            elif "Start" in event:
                kind, value = event["Start"], None
                if not isinstance(kind, str):
                    kind, value = kind.popitem()  # its only one
                if begin := beginning_of(kind):
                    begin(self, kind, value, span["start"])
            elif "End" in event:
                kind = event["End"]
                if end := end_of(kind if isinstance(kind, str) else next(iter(kind))):
                    end(self, span["start"])
            elif isinstance(event, str):
                self._bare(event, span["start"])
            else:
                self._special(*event.popitem())

    def _bare(self, event: str, start: int) -> None:
        if event == "Rule":
            self._flush(start)  # an item's text need not be a paragraph of its own
            self._add(Rule(), start)
        else:
            self._runs.append(Run("\n", *self._looks[-1]))

    def _say(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)
            return
        text = self._shown(text)
        marks, link = self._looks[-1]
        if "[^" in text:  # a note whose text comes later
            text = _NOTE.sub(r"[\1]", text)
        self._runs.append(Run(text, marks, link))

    def _special(self, name: str, value: Any) -> None:
        if name == "Html":
            self._say(value)
            return
        if name == "TaskListMarker":
            self._frames[-1].checked = value
            return
        marks, link = self._looks[-1]
        value = self._shown(value)
        if name == "Code":
            self._runs.append(Run(value, marks | Mark.CODE, link))
        elif name == "InlineHtml":
            is_break = _BREAK.fullmatch(value)
            self._runs.append(Run("\n", marks, link) if is_break else Run(value, marks | Mark.TAG, link))
            self._has_tags |= not is_break
        elif name in ("InlineMath", "DisplayMath"):
            self._runs.append(Run(latex.readable(value), marks, link))
        elif name == "FootnoteReference":
            self._runs.append(Run(f"[{value}]", marks, link))

    def _begin_style(self, kind: str, _value: Any, _start: int) -> None:
        marks, link = self._looks[-1]
        self._looks.append((marks | _MARKS[kind], link))

    def _begin_link(self, kind: str, value: Any, _start: int) -> None:
        marks, link = self._looks[-1]
        address = self._shown(value["dest_url"])
        self._looks.append((marks, link or address))
        if kind == "Image":
            self._frames.append(_Frame(kind, address, len(self._runs)))

    def _begin_row(self, _kind: str, _value: Any, start: int) -> None:
        self._frames[-1].inner.append(start)

    def _begin_leaf(self, kind: str, value: Any, start: int) -> None:
        self._flush(start)
        if kind in ("CodeBlock", "HtmlBlock"):
            self._text = []
        self._frames.append(_Frame(kind, value, start))

    def _begin_container(self, kind: str, value: Any, start: int) -> None:
        self._flush(start)
        if self._too_deep or (len(self._frames) > _MAX_FRAMES and kind != "Item"):
            self._too_deep += 1
            return
        if kind == "Item":
            self._frames[-1].inner.append(start)
        self._frames.append(_Frame(kind, value, start))
        if kind == "FootnoteDefinition":
            self._runs.append(Run(f"[{self._shown(value)}] "))

    def _end_look(self, _start: int) -> None:
        self._looks.pop()

    def _end_image(self, _start: int) -> None:
        self._looks.pop()
        frame = self._frames.pop()
        if len(self._runs) == frame.start and frame.value:  # no words for it: the address is the text
            marks, link = self._looks[-1]
            self._runs.append(Run(frame.value, marks, link or frame.value))

    def _end_cell(self, _start: int) -> None:
        self._cells.append(self._taken())

    def _end_row(self, _start: int) -> None:
        self._rows.append(tuple(self._cells))
        self._cells = []

    def _end_heading(self, _start: int) -> None:
        frame = self._frames.pop()
        self._add(Heading(int(frame.value["level"][1]), self._taken()), frame.start)

    def _end_table(self, _start: int) -> None:
        frame = self._frames.pop()
        (head, *rows), self._rows = self._rows, []
        self._has_table = True
        self._add(Table(frame.value, head, tuple(rows)), frame.start, tuple(frame.inner))

    def _end_code(self, _start: int) -> None:
        frame, text = self._frames.pop(), self._taken_text()
        words = self._shown(frame.value["Fenced"]).split() if isinstance(frame.value, dict) else ()
        self._add(Code(text, words[0] if words else ""), frame.start)

    def _end_html(self, _start: int) -> None:
        frame, text = self._frames.pop(), self._taken_text()
        if runs := tags.in_block(_BREAK.sub("\n", text)):
            self._add(Paragraph(runs), frame.start)

    def _taken_text(self) -> str:
        text, self._text = "".join(self._text or ()), None
        return self._shown(text).removesuffix("\n")

    def _end_container(self, start: int) -> None:
        self._flush(start)
        if self._too_deep:
            self._too_deep -= 1
        else:
            self._close(self._frames.pop())

    def _close(self, frame: _Frame) -> None:
        blocks, start = tuple(frame.blocks), frame.start
        if frame.kind == "Item":
            self._frames[-1].blocks.append(Item(blocks, frame.checked))
        elif frame.kind == "List":
            items = tuple([block for block in blocks if isinstance(block, Item)])
            self._add(List(items, frame.value), start, tuple(frame.inner))
        elif frame.kind == "BlockQuote":
            self._add(Quote(blocks, frame.value or ""), start)
        else:  # a footnote
            has_table = self._has_table
            for block in blocks:
                self._has_table = has_table  # any of them may be it
                self._add(block, start)

    def _flush(self, start: int) -> None:
        if self._runs:
            self._add(Paragraph(self._taken()), start)

    def _taken(self) -> Runs:
        """The runs so far, as one block's."""
        runs, self._runs = self._runs, []
        if self._has_tags:
            runs, self._has_tags = tags.understood(runs), False
        return merged(runs)

    def _add(self, block: Block, start: int, inner: tuple[int, ...] = ()) -> None:
        frame = self._frames[-1]
        frame.blocks.append(block)
        if frame.kind == "Document":
            self.pieces.append(Piece(block, start, inner, self._has_table))
            self._has_table = False

    _beginnings: ClassVar[dict[str, Callable[[Any, str, Any, int], None]]] = {
        **dict.fromkeys(_MARKS, _begin_style),
        **dict.fromkeys(("Link", "Image"), _begin_link),
        "TableRow": _begin_row,
        **dict.fromkeys(_LEAVES, _begin_leaf),
        **dict.fromkeys(_CONTAINERS, _begin_container),
    }
    _ends: ClassVar[dict[str, Callable[[Any, int], None]]] = {
        **dict.fromkeys((*_MARKS, "Link"), _end_look),
        "Image": _end_image,
        "Paragraph": _flush,
        "TableCell": _end_cell,
        **dict.fromkeys(("TableHead", "TableRow"), _end_row),
        "Heading": _end_heading,
        "Table": _end_table,
        "CodeBlock": _end_code,
        "HtmlBlock": _end_html,
        **dict.fromkeys(_CONTAINERS, _end_container),
    }
