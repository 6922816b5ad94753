"""The end of a growing text as it will look: what is half written there is completed, or left out for now."""

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from core.markdown.blocks import Block, Code, Item, List, Piece, Quote, Table, parse_pieces
from core.markdown.masks import ENVIRONMENTS


def completed(
    source: str, pieces: Sequence[Piece], links: Mapping[str, str] | None = None, *, is_all: bool = True
) -> list[Piece]:
    """The pieces of a source, the last of them as if what it has begun were whole. `is_all`: there is
    nothing before the source, so that even a stub is better than nothing."""
    if not pieces:
        return []
    start = source.rfind("\n", 0, pieces[-1].start) + 1
    tail, leaf = source[start:], _last_leaf(pieces[-1].block)
    before = [piece for piece in pieces if piece.start < pieces[-1].start]
    if isinstance(leaf, Code):
        better = _HALF_FENCE.sub("", tail)
    else:
        better = complete(tail, is_table=isinstance(leaf, Table), is_all=is_all and not before)
    if better == tail.rstrip():
        return list(pieces)
    return before + [
        replace(piece, start=piece.start + start, inner=tuple(at + start for at in piece.inner))
        for piece in parse_pieces(better, links)
    ]


def _last_leaf(block: Block) -> Block | None:
    while isinstance(block, List | Quote | Item):
        children: Sequence[Block] = block.items if isinstance(block, List) else block.blocks
        if not children:
            return None
        block = children[-1]
    return block


# The beginning of a list item, a rule, an underlining, a fence, a box, the kind of a quote: what it is, the
# next letters tell.
_STUB = re.compile(
    r"[ >]*(?:(?:[-+*]|\d{1,3}[.)]) +)*"
    r"(?:[-+*=_]+|\[[ xX]?\]?|\[!\w*|\d{1,3}[.)]?|#{1,6}|>|`{1,3}|~{1,3}|\|"
    r"|\\(?:begin(?:\{[a-z]*\*?)?)?)?[ \t]*"
)
_HALF_FENCE = re.compile(r"\n[ >]*(?:`+|~+)\Z")
_HALF_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]++|\([^()\s]*+\)?)*(?:\s+\"[^\"]*+\"?)?$")
_OPEN_MATH = re.compile(r"\\([(\[])(?:(?!\\[()\[\]]|\n\s*\n).)*$", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]|^\\$")
_HALF_COMMAND = re.compile(r"(?:[\^_]?(?<!\\)\\+[A-Za-z]*|[\^_])\Z")
_OPEN_ENVIRONMENT = re.compile(rf"^[ >]*(\\begin(\{{{ENVIRONMENTS}\}}))", re.MULTILINE)
_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)
_ROW = re.compile(r" {0,3}\|(?!\|)(?=.)(?![^-:|\s][^|]*(?:$|\|\s*[-<>=≤≥≠+*/^]))")  # not |x| < 1, nor |x so far
_DELIMITERS = re.compile(r" {0,3}\|[-:| ]*")
_STYLE_MARKERS = re.compile(r"\\.|\d\*{1,2}(?=\d)|`+|\*{1,3}|~{1,2}")  # stars between digits are none
_OPEN_SPOILER = re.compile(r"(?<![^\s(\[\"'*~])\|\|(?![\s|])[^|\n]*(\|?)$")  # as in core/markdown/runs.py
_STYLES = ("*", "**", "***", "~~")


def complete(tail: str, *, is_table: bool = False, is_all: bool = True) -> str:
    """The last block of a text, no code, without a stub of a line, half a link or open styles; the header
    of a table with the line below it. What is no markup, and all that is not at the end, stays."""
    is_cut, tail = not tail.endswith("\n"), tail.rstrip()
    head, newline, line = tail.rpartition("\n")
    may_wait = is_cut and (head or not is_all or "[!" in line or "\\begin" in line)
    if may_wait and _STUB.fullmatch(_styles_closed(line)):
        return complete(f"{head}\n", is_table=is_table) if head else ""
    if _ROW.match(line) and not is_table:
        return _with_delimiters(head, newline, line)
    if math := _OPEN_MATH.search(tail):
        return _formula_closed(tail, math.start(), 2, "\\)" if math[1] == "(" else "\\]")
    if tail.count("$$") % 2 and not tail.endswith("$$$"):
        return _formula_closed(tail, tail.rindex("$$"), 2, "$$")
    begun = list(_OPEN_ENVIRONMENT.finditer(tail)) if "\\begin" in tail else ()
    if begun and tail.find(end := f"\\end{begun[-1][2]}", begun[-1].end()) < 0:
        return _formula_closed(tail, begun[-1].start(1), len(begun[-1][1]), end)
    if _is_open_formula(line, at := line.rfind("$")):
        at += len(tail) - len(line)
        return _formula_closed(f"{tail[:at]}${tail[at:]}", at, 2, "$$")  # a certain one, whatever is in it yet
    line = _HALF_LINK.sub(r"\1", line) if "](" in line else line
    if (len(line) - len(line.rstrip("\\"))) % 2:  # what it escapes comes next
        line = line[:-1]
    line = _styles_closed(line) if is_table else _hidden_closed(line)
    return head if is_table and line == "|" else head + newline + line


def _is_open_formula(line: str, at: int) -> bool:
    """Whether the last dollar sign of a line begins a formula, and no price: a command follows."""
    formula = line[at + 1 :]
    if at < 0 or not _COMMAND.search(formula) or formula[0].isspace() or "`" in formula:
        return False
    return line[at - 1 : at] in ("", " ", "(") and not line.count("`", 0, at) % 2


def _formula_closed(tail: str, start: int, opening: int, end: str) -> str:
    """A tail that ends in a formula, completed with `end` and all closing braces. The formula's opening
    delimiter begins at `start` and is `opening` characters long. A command at the very end is left out: half of
    its name may be another command."""
    formula = _HALF_COMMAND.sub("", tail[start + opening :])
    if not formula.strip():
        return tail[:start].rstrip()
    braces = _BRACE.findall(formula)
    return f"{tail[: start + opening]}{formula}{'}' * (braces.count('{') - braces.count('}'))}{end}"


def _with_delimiters(head: str, newline: str, line: str) -> str:
    above = head.rpartition("\n")[2]
    if not _ROW.match(above):
        header = _styles_closed(line)
        return f"{head}{newline}{header}\n{_delimiters(header)}"
    return f"{head}\n{_delimiters(above) if _DELIMITERS.fullmatch(line) else line}"


def _delimiters(header: str) -> str:
    columns = header.replace("\\|", "").strip().strip("|").count("|") + 1
    return "|---" * columns + "|"


def _styles_closed(line: str) -> str:
    """A line with an end for every style that it has begun; a marker at its very end may be half an end."""
    styles: list[str] = []
    code, end, opened = "", len(line), 0
    for marker in _STYLE_MARKERS.finditer(line):
        text, start, after = marker[0], marker.start(), line[marker.end() : marker.end() + 1]
        before = line[start - 1 : start] if start else ""
        if code:
            code = "" if text.removeprefix("\\") == code else code
        elif text[0] == "`":
            code, end = (text, end) if after else ("", start)
        elif styles and text == styles[-1] and before.strip():
            styles.pop()
        elif text == "***" and sorted(styles[-2:]) == ["*", "**"]:
            del styles[-2:]
        elif text[0] in "*~" and not after:
            end = start
        elif text in _STYLES and after.strip() and not (before.isascii() and before.isalnum()):
            styles.append(text)
            opened = marker.end()
    if not (styles or code or end < len(line)) or len(styles) > 2:
        return line
    shown = line[:end].rstrip()
    if styles and opened == len(shown):  # it would have nothing in it
        shown = shown[: -len(styles.pop())].rstrip()
    return shown + code + "".join(reversed(styles))


def _hidden_closed(line: str) -> str:
    """As `_styles_closed`; also ends a spoiler that the line has begun, so that nobody sees its text for a
    moment."""
    hidden = _OPEN_SPOILER.search(line) if "||" in line else None
    if not hidden or line.count("`", 0, hidden.start()) % 2:
        return _styles_closed(line)
    shown = _styles_closed(line.removesuffix(hidden[1]))
    return f"{shown}||" if len(shown) > hidden.start() + 2 else _styles_closed(line[: hidden.start()].rstrip())
