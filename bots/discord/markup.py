"""Blocks to Discord's own Markdown. What a model writes never pings, embeds or hides anything."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby

from core.bidi import isolated
from core.markdown.blocks import (
    ADDRESS,
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
    link_of,
    one_line,
    plain,
)
from core.markdown.tables import aligned, as_list
from core.pages import Size, shorten, utf16_length

_PAGE_SIZE = 2000
_NOTHING = "\u200b"  # a zero-width space: keeps apart what Discord would read as one
_TABLE_WIDTH = 64  # columns of a code block that a desktop shows without wrapping, beside the member list
_LONGEST_LINK = 512
_QUESTION = 200
_WORDS = (Paragraph, Heading)
_WRAPS = ((Mark.ITALIC, "*"), (Mark.BOLD, "**"), (Mark.STRIKE, "~~"), (Mark.SPOILER, "||"))


def question_line(question: str, link: str = "") -> str:
    """The line above an answer that says what was asked: Discord shows no one the options of a command,
    or what stood in a form. `link` leads to the message that it is about. Whom a person picked after an @ comes
    as a number: it stays a mention, which shows the name, and notifies nobody in a message of ours. So do
    emoji of servers, and moments in time."""
    parts = _PICKED.split(isolated(_without_half_a_pick(" ".join(question.split()))))
    shown = "".join(part if at % 2 else _escaped(part, fresh=not at) for at, part in enumerate(parts))
    return f"> {shown} {link}".rstrip() if shown else ""


def _without_half_a_pick(line: str) -> str:
    """The line, shortened, where the cut would leave half of what Discord draws as one: before that."""
    short = shorten(line, _QUESTION)
    kept = len(short) - 1  # without the mark of the cut
    halved = (one.start() for one in _PICKED.finditer(line) if one.start() < kept < one.end())
    start = next(halved, None) if short != line else None
    return short if start is None else short[:start].rstrip() + "…"


class DiscordRenderer:
    """Draws blocks as text of Discord messages. `taken` UTF-16 units stay free on each page. In a note, and in
    a text that `is_ours`, the commands of `menu` can be tapped; in a model's text such words may mean
    anything."""

    def __init__(self, taken: int = 0, menu: Mapping[str, str] | None = None, *, is_ours: bool = False) -> None:
        self.limit = Size(_PAGE_SIZE - taken)
        self._menu = menu or {}
        self._is_ours = is_ours

    def draw(self, block: Block) -> str:
        drawn = _block(block)
        is_words = self._is_ours and not isinstance(block, Code | Table)
        return _tappable(drawn, self._menu) if is_words else drawn

    def join(self, drawn: Sequence[str]) -> str:
        parts = [f"{text}\n" if text.startswith(_HEADINGS) else f"{text}\n\n" for text in drawn if text]
        return "".join(parts).rstrip("\n")

    def size(self, drawn: str) -> Size:
        return Size(utf16_length(drawn))  # never less than what Discord counts

    def small_print(self, note: str, footer: str) -> str:
        lines = [_tappable(_escaped(note), self._menu)] if note else []
        lines += [f"-# {_escaped(line)}" for line in footer.splitlines() if line.strip()]
        return "\n".join(lines)


def _tappable(text: str, menu: Mapping[str, str]) -> str:
    """The text with mentions in place of the commands that it names, in code or not: they can be tapped."""
    if not menu or "/" not in text:
        return text
    names = "|".join(sorted(menu, key=len, reverse=True))  # those of a group before what they begin with
    return re.sub(
        rf"(?<![\w/`])(`?)/({names})\1(?![\w/`])", lambda found: f"</{found[2]}:{menu[found[2]]}>", text
    )


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _inline(block.runs).rstrip()
        case Heading():
            return _heading(block.level, block.runs)
        case Rule():
            return "───"
        case Code():
            return _fenced(block.text, block.language)
        case Quote():
            return "\n".join(f"> {line}" for line in (_quoted(block) or _NOTHING).split("\n"))
        case List():
            text = "\n".join(_list(block))
            may_end = "\n```" in text or "\n\n" in text or text.startswith("0\\.")
            return "\n".join(_parted(text)) if may_end else text
        case Item():
            return "\n".join(_item(block, "-"))
        case Table():
            drawn = aligned(block, _TABLE_WIDTH)
            return _block(as_list(block)) if drawn is None else _fenced(drawn, "")


def _quoted(quote: Quote) -> str:
    """The text of a quote. Discord cannot nest quotes: an inner one has a bar before its lines."""
    parts = [
        "\n".join(_moved_in(_quoted(one).split("\n"), "▏ ")) if isinstance(one, Quote) else _block(one)
        for one in quote.blocks
    ]
    return (f"**{quote.kind}**\n" if quote.kind else "") + "\n\n".join(filter(None, parts))


def _heading(level: int, runs: Runs) -> str:
    """Discord has three levels; what is deeper is bold."""
    line = one_line(runs)
    if level > 3:
        return _inline(bold(line)).rstrip()
    words = _inline(line).strip()
    if words.endswith("#"):
        words += _NOTHING  # number signs at the end would belong to those at the beginning
    return f"{'#' * level} {words}" if words else ""


def _list(block: List) -> list[str]:
    """The lines of a list. What goes on at a page's start is not moved in: the next item is no part of it."""
    lines: list[str] = []
    for at, item in enumerate(block.items):
        lines += _item(item, "-" if block.start is None else f"{block.start + at}.")
        if item.resumed and at + 1 < len(block.items) and any(isinstance(one, List) for one in item.blocks):
            lines.append("")
    return lines


def _item(item: Item, mark: str) -> list[str]:
    """The lines of one item. Discord knows no indented code: fences stand at the line's start. Nor does it
    know headings in items, or spaces at the beginning of a message."""
    box = "" if item.checked is None else "☑ " if item.checked else "☐ "
    pad = "" if item.resumed else " " * (len(mark) + 1)
    lines: list[str] = []
    last: Block | None = None
    for block in map(_without_headings, item.blocks):
        if isinstance(block, List) and isinstance(last, List):
            lines.append(pad)  # two lists, not one
        drawn = _list(block) if isinstance(block, List) else _block(block).split("\n")
        lines += _moved_in(drawn, pad)
        last = block
    if item.resumed:
        return lines
    if mark == "0.":
        mark = "0\\."  # Discord's lists begin with 1
    if not lines or not isinstance(item.blocks[0], _WORDS):
        return [f"{mark} {box or _NOTHING}".rstrip(), *lines]
    return [f"{mark} {box}{lines[0][len(pad) :] or _NOTHING}", *lines[1:]]


def _without_headings(block: Block) -> Block:
    """The block of an item with bold lines for headings."""
    match block:
        case Heading(_, runs):
            return Paragraph(bold(runs))
        case Quote(blocks, kind):
            return Quote(tuple(map(_without_headings, blocks)), kind)
    return block


def _parted(text: str) -> Iterator[str]:
    """The lines of a list in which something ended Discord's list. What follows begins another one; what is
    moved in less than its first item is none of its items, and begins a list of its own, after a blank line."""
    least: int | None = None  # how far the items of Discord's list are moved in
    is_code = False
    for line in text.split("\n"):
        is_fence = line.startswith("```")
        if is_code or is_fence or not line:
            is_code ^= is_fence
            least = None
        elif found := _MARKED.match(line):
            moved_in = found.end(1)
            if least is not None and moved_in < least:
                yield ""
            least = moved_in if least is None else min(least, moved_in)
        elif not line.startswith(" "):
            least = None
        yield line


def _moved_in(lines: Iterable[str], pad: str) -> list[str]:
    """The lines behind `pad`, but for code."""
    moved: list[str] = []
    is_code = False
    for line in lines:
        is_fence = line.startswith("```")
        moved.append(pad + line if line and not is_code and not is_fence else line)
        is_code ^= is_fence
    return moved


def _fenced(text: str, language: str) -> str:
    name = _NO_NAME.sub("", language)
    inside = _TICKS.sub(f"``{_NOTHING}", text)  # never three in a row, however many there are
    if not inside.strip():
        inside += _NOTHING  # an empty block would show its fences
    return f"```{name}\n{inside}\n```"


def _inline(runs: Runs, *, fresh: bool = True) -> str:
    """`fresh`: it begins a line."""
    if len(runs) == 1 and not runs[0].marks and not runs[0].link:  # most are no more than that
        return _escaped(runs[0].text, fresh=fresh)
    text = ""
    for link, group in _by_link(runs):
        begins = text.endswith("\n") if text else fresh
        for piece in [_linked(group, link)] if link else _styled(group, fresh=begins):
            if text and piece[0] in "*~|`(":
                if piece[0] == "(":
                    text += "\\" if text[-1] == "]" else ""  # see `_TO_ESCAPE`
                elif piece[0] == text[-1]:
                    text += _NOTHING  # the end of one style and the beginning of the next
            text += piece
    return text


def _by_link(runs: Runs) -> list[tuple[str, Runs]]:
    """The addresses that Discord takes, "" for none, and the runs that lead there."""
    if not any(map(link_of, runs)):  # most lead nowhere
        return [("", runs)]
    groups = groupby(runs, key=lambda run: run.link and _usable(run.link))
    return [(link, tuple(group)) for link, group in groups]


def _linked(runs: Runs, link: str) -> str:
    """A link in `<>`, so that it shows no preview. In the words of a link Discord knows no escapes, takes a
    lone bracket for their end, and does not draw a link at all whose words have emoji."""
    words = plain(runs)
    if words in (link, link.removeprefix("mailto:")):
        return f"<{link}>" if link.startswith("http") else _escaped(words)
    line = one_line(tuple([Run(run.text, run.marks) for run in runs]))
    if ADDRESS.search(words):  # Discord shows such a link as it is written
        return _inline(line)
    if not words.strip():
        return f"<{link}>"
    is_literal = all(run.marks & Mark.CODE or _escaped(run.text, fresh=False) == run.text for run in line)
    if is_literal and _BALANCED.fullmatch(words) and not _PICTURED.search(words):
        return f"[{_inline(line, fresh=False)}](<{link}>)"
    return f"{_inline(line).rstrip()} (<{link}>)"


def _usable(link: str) -> str:
    """An address that Discord takes, or nothing."""
    if not link.lower().startswith(("http://", "https://")) or len(link) > _LONGEST_LINK:
        return ""
    return _NOT_IN_LINKS.sub(lambda found: f"%{ord(found[0]):02X}", link)


def _styled(runs: Runs, *, fresh: bool) -> list[str]:
    """The pieces of the runs: each run by itself, and each line of a styled run, so that styles never cross a
    line or overlap."""
    pieces: list[str] = []
    for run in runs:
        text, marks = run.text, run.marks
        if not marks:
            pieces.append(_escaped(text, fresh=fresh))
        elif "\n" not in text:
            pieces.append(_wrapped(text, marks, fresh=fresh))
        else:
            first, *others = text.split("\n")
            pieces += [_wrapped(first, marks, fresh=fresh)] if first else []
            for line in others:
                pieces += ["\n", _wrapped(line, marks, fresh=True)] if line else ["\n"]
        last = text[text.rfind("\n") + 1 :]
        fresh = (fresh or len(last) < len(text)) and (not last or last.isspace())
    return pieces


def _wrapped(line: str, marks: int, *, fresh: bool) -> str:
    core = line.strip()
    if not core:
        return line
    shown = _delimited(_code(core) if marks & Mark.CODE else _escaped(core, fresh=fresh), marks)
    return shown if core == line else line.replace(core, shown, 1)


def _delimited(shown: str, marks: int) -> str:
    """`shown` between the delimiters of its styles, but for delimiters that it contains itself."""
    is_bare = marks & Mark.CODE or "\\" not in shown
    bare = shown if is_bare else _ESCAPE.sub("", shown)  # what no escape protects
    for delimiter in _delimiters_of(marks):
        if delimiter not in bare:
            gap = _NOTHING if delimiter in ("~~", "||") and shown[-1] == delimiter[0] else ""
            shown = f"{delimiter}{shown}{gap}{delimiter}"
    return shown


@cache
def _delimiters_of(marks: int) -> tuple[str, ...]:
    return tuple(delimiter for mark, delimiter in _WRAPS if marks & mark)


def _code(text: str) -> str:
    if "](" in text:
        text = _HALF_A_LINK.sub(rf"\g<0>{_NOTHING}", text)  # a bracket in front of the code would make it whole
    if "`" not in text:
        return f"`{text}`"
    inside = re.sub("`(?=`)", f"`{_NOTHING}", text)  # three in a row would open a block
    return f"`` {inside} ``"


# Whether a line has any character to escape: most have none. One set first: so it is found quickest.
_SPECIAL = re.compile(r"[\\*~|`_<@\[\]:](?:(?<=[\\*~|`_<@])|(?<=\[)(?![^\[\]\n]*\])|(?<=\])\(|(?<=:)[\w/+-])")
_HEADINGS = ("# ", "## ", "### ")
_NO_NAME = re.compile(r"[^\w+.#-]", re.ASCII)  # of a language
_TICKS = re.compile("``(?=`)")
_MARKED = re.compile(r"( *)(?:-|\d+\.) ")
_ESCAPE = re.compile(r"\\.")
_BALANCED = re.compile(r"[^\[\]]*+(?:\[[^\[\]]*+\](?!\()[^\[\]]*+)*")
_PICTURED = re.compile(
    r":[\w+-]+:|<a?:|[\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b1b\u2b1c\u2b50\u2b55\ufe0f\u20e3\U0001f000-\U0001faff]"
)
# Discord's words of a link end at any `]` with a bracket behind it, escaped or not; so that is what is escaped.
# Its `_` ends at what is no ASCII letter; a colon within words begins no emoji for us, but would for it.
_TO_ESCAPE = re.compile(
    r"[\\*`\[~|(:_](?:(?<=[\\*`])|(?<=\[)(?![^\[\]\n]*\])|(?<=[~|])(?:(?=[~|])|(?<=[~|].))|(?<=\]\()"
    r"|(?<=[\w:]:)(?=[\w+-]+:)|(?a:(?<=_)(?:(?![^\W_])|(?<![^\W_]_))))"
)
_HALF_A_LINK = re.compile(r"\A[^\[\]]*\](?=\()")
_NOT_IN_LINKS = re.compile(r"[\s<>()\\]|@(?=everyone|here)")
_UNSAFE = re.compile(r"@(?=everyone|here)|(?<=\])\(")
_MENTION = re.compile(r"<(?=@|#|a?:|t:|id:|/[^<>\n]*:\d)|@(?=everyone|here)")
# What people pick, and their client writes as a number: mentions, emoji of servers, moments in time.
_PICKED = re.compile(r"(<(?:(?:@[!&]?|#|a?:[A-Za-z0-9_]{1,32}:)\d{1,20}|t:-?\d{1,16}(?::[A-Za-z])?)>)")
# Of a line, with what ends the one before: so it is found quickest.
_BEGIN = re.compile(r"(\n[^\S\n]*)(#{1,3}(?=\s|$)|-#(?=\s|$)|[-+](?=\s|$)|>|\d+(?=\.(?:\s|$)))")


def _escaped(text: str, *, fresh: bool = True) -> str:
    """`text` escaped, so that Discord shows it as it is; `fresh`: it begins a line, where more characters have
    a meaning."""
    shown = _escaped_inline(text) if _SPECIAL.search(text) else text
    if fresh and not shown[:1].isalpha():
        return _BEGIN.sub(_begun, f"\n{shown}")[1:]
    return _BEGIN.sub(_begun, shown) if "\n" in shown else shown


def _escaped_inline(text: str) -> str:
    """The text with escapes for characters that have a meaning anywhere, and with addresses that show no
    preview."""
    if "://" not in text:
        return _escaped_words(text)
    parts = []
    end = 0
    for url in ADDRESS.finditer(text):
        address = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", url[0][:5].lower() + url[0][5:])
        parts += [_escaped_words(text[end : url.start()]), f"<{address}>"]
        end = url.end()
    return "".join([*parts, _escaped_words(text[end:])])


def _escaped_words(text: str) -> str:
    shown = _TO_ESCAPE.sub(lambda found: f"\\{found[0]}", text)  # a template would be taken apart each time
    return _MENTION.sub(lambda found: found[0] + _NOTHING, shown)


def _begun(begin: re.Match[str]) -> str:
    space, marker = begin.groups()
    return f"{space}{marker}\\" if marker.isdigit() else f"{space}\\{marker}"
