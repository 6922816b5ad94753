"""Blocks to Discord's own Markdown. What a model writes never pings, embeds or hides anything."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from core.bidi import isolated
from core.blocks import (
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
    plain,
)
from core.pages import Size, shorten, utf16_length
from core.tables import aligned, as_list

PAGE_SIZE = 2000
_NOTHING = "\u200b"  # a zero-width space: keeps apart what Discord would read as one
_TABLE_WIDTH = 64  # columns of a code block that a desktop shows without wrapping, beside the member list
_LONGEST_LINK = 512
_QUESTION = 200
_WRAPS = ((Mark.CODE, ""), (Mark.ITALIC, "*"), (Mark.BOLD, "**"), (Mark.STRIKE, "~~"), (Mark.SPOILER, "||"))


def question_line(question: str, link: str = "") -> str:
    """The line above an answer that says what was asked: Discord shows no one the options of a command,
    or what stood in a form. `link` leads to the message that it is about. Whom a person picked after an @ comes
    as a number: it stays a mention, which shows the name, and notifies nobody in a message of ours. So do
    emoji of servers, and moments in time."""
    parts = _PICKED.split(isolated(_without_half_a_pick(" ".join(question.split()))))
    shown = "".join(part if at % 2 else escaped(part, fresh=not at) for at, part in enumerate(parts))
    return f"> {shown} {link}".rstrip() if shown else ""


def _without_half_a_pick(line: str) -> str:
    """The line, shortened, where the cut would leave half of what Discord draws as one: before that."""
    short = shorten(line, _QUESTION)
    kept = len(short) - 1  # without the mark of the cut
    halved = (one.start() for one in _PICKED.finditer(line) if one.start() < kept < one.end())
    start = next(halved, None) if short != line else None
    return short if start is None else short[:start].rstrip() + "…"


class DiscordRenderer:
    """Draws blocks as text of Discord messages. `taken` is what each page leaves free."""

    def __init__(self, taken: int = 0) -> None:
        self.limit = Size(PAGE_SIZE - taken)

    def draw(self, block: Block) -> str:
        return _block(block)

    def join(self, drawn: Sequence[str]) -> str:
        page = ""
        for text in filter(None, drawn):
            gap = "" if not page else "\n" if _HEADING.match(page.rpartition("\n")[2]) else "\n\n"
            page += gap + text
        return page

    def size(self, drawn: str) -> Size:
        return Size(utf16_length(drawn))  # never less than what Discord counts

    def small_print(self, note: str, footer: str) -> str:
        lines = [escaped(note[:700])] if note else []
        lines += [f"-# {escaped(line)}" for line in footer[:300].splitlines() if line.strip()]
        return "\n".join(lines)


def _block(block: Block) -> str:
    match block:
        case Paragraph(runs):
            return _inline(runs).rstrip()
        case Heading(level, runs):
            return _heading(level, runs)
        case Code(text, language):
            return _fenced(text, language)
        case Quote():
            return "\n".join(f"> {line}" for line in _quoted(block).split("\n"))
        case List(items, start):
            marks = ("-" if start is None else f"{start + at}." for at in range(len(items)))
            return "\n".join(_item(item, mark) for item, mark in zip(items, marks, strict=True))
        case Item():
            return _item(block, "-")
        case Table():
            drawn = aligned(block, _TABLE_WIDTH)
            return _block(as_list(block)) if drawn is None else _fenced(drawn, "")
        case Rule():
            return "───"


def _quoted(quote: Quote) -> str:
    """What a quote says. Discord knows none in another; an inner one has a bar before its lines."""
    parts = [
        "\n".join(_moved_in(_quoted(one), "▏ ")) if isinstance(one, Quote) else _block(one)
        for one in quote.blocks
    ]
    return (f"**{quote.kind}**\n" if quote.kind else "") + "\n\n".join(parts)


def _heading(level: int, runs: Runs) -> str:
    """Discord has three levels; what is deeper is bold."""
    line = tuple(Run(run.text.replace("\n", " "), run.marks, run.link) for run in runs)
    if level <= 3:
        return f"{'#' * level} {_inline(line).strip()}" if plain(line).strip() else ""
    return _inline(tuple(Run(run.text, run.marks | Mark.BOLD, run.link) for run in line)).rstrip()


def _item(item: Item, mark: str) -> str:
    """One item. Discord knows no indented code: fences stand at the line's start."""
    box = "" if item.checked is None else "☑ " if item.checked else "☐ "
    pad = " " * (len(mark) + 1)
    lines: list[str] = []
    for block in item.blocks:
        lines += _moved_in(_block(block), pad)
    if item.resumed:
        return "\n".join(lines)
    if not lines or not isinstance(item.blocks[0], Paragraph):
        return "\n".join([f"{mark} {box or _NOTHING}".rstrip(), *lines])
    return "\n".join([f"{mark} {box}{lines[0][len(pad) :]}", *lines[1:]])


def _moved_in(text: str, pad: str) -> Iterator[str]:
    """The lines behind `pad`, but for code."""
    is_code = False
    for line in text.split("\n"):
        is_fence = line.startswith("```")
        yield pad + line if line and not is_code and not is_fence else line
        is_code ^= is_fence


def _fenced(text: str, language: str) -> str:
    name = re.sub(r"[^\w+.#-]", "", language)
    inside = re.sub("``(?=`)", f"``{_NOTHING}", text)  # never three in a row, however many there are
    if not inside.strip():
        inside += _NOTHING  # an empty block would show its fences
    return f"```{name}\n{inside}\n```"


def _inline(runs: Runs) -> str:
    text = ""
    for link, group in groupby(runs, key=lambda run: _usable(run.link)):
        part = _linked(tuple(group), link) if link else None
        for piece in _styled(group, text) if part is None else [part]:
            if text and piece and piece[0] == text[-1] and piece[0] in "*~|`":
                text += _NOTHING  # the end of one style and the beginning of the next
            text += piece
    return text


def _linked(runs: Runs, link: str) -> str | None:
    """A link in `<>`, so that it shows no preview."""
    words = plain(runs)
    if words in (link, link.removeprefix("mailto:")):
        return f"<{link}>" if link.startswith("http") else escaped(words)
    line = tuple(_without_half_brackets(Run(run.text.replace("\n", " "), run.marks)) for run in runs)
    if ADDRESS.search(words):  # Discord shows such a link as it is written
        return _inline(line)
    text = _BRACKET.sub(lambda sign: f"\\{sign[2]}" if sign[2] else sign[0], _inline(line))
    return f"[{text}](<{link}>)"


def _without_half_brackets(run: Run) -> Run:
    """Words of a link. Nothing is escaped in code: a bracket there that has no other half would end them."""
    is_safe = not run.marks & Mark.CODE or _BALANCED.fullmatch(run.text)
    return run if is_safe else run._replace(marks=run.marks & ~Mark.CODE)


def _usable(link: str) -> str:
    """An address that Discord takes, or nothing."""
    if not link.lower().startswith(("http://", "https://")) or len(link) > _LONGEST_LINK:
        return ""
    return re.sub(r"[\s<>()\\]|@(?=everyone|here)", lambda match: f"%{ord(match[0]):02X}", link)


def _styled(runs: Iterator[Run], before: str) -> Iterator[str]:
    """Every run by itself, every line of it by itself: styles never cross a line or overlap."""
    fresh = not before or before.endswith("\n")
    for run in runs:
        for at, line in enumerate(run.text.split("\n")):
            if at:
                yield "\n"
                fresh = True
            if line:
                yield _wrapped(line, run.marks, fresh=fresh)
                fresh = False


def _wrapped(line: str, marks: int, *, fresh: bool) -> str:
    core = line.strip()
    if not core:
        return line
    shown = _code(core) if marks & Mark.CODE else escaped(core, fresh=fresh and not marks)
    for mark, sign in _WRAPS:
        if marks & mark:
            shown = f"{sign}{shown}{sign}"
    if len(core) == len(line):
        return shown
    return line[: len(line) - len(line.lstrip())] + shown + line[len(line.rstrip()) :]


def _code(text: str) -> str:
    if "`" not in text:
        return f"`{text}`"
    inside = re.sub("`(?=`)", f"`{_NOTHING}", text)  # three in a row would open a block
    return f"`` {inside} ``"


# Whether there is anything to change: most lines have nothing.
_SPECIAL = re.compile(r"[\\*~|`_\]<@]|://|^\s*[-#>+\d]", re.MULTILINE)
_HEADING = re.compile(r"#{1,3} ")
_BRACKET = re.compile(r"\\[^\[\]]|(`{1,2}).*?(?<!`)\1(?!`)|\\?([\[\]])")  # or an escape, or code
_BALANCED = re.compile(r"[^\[\]]*+(?:\[[^\[\]]*+\][^\[\]]*+)*+")
_SIGNS = re.compile(r"[\\*~|`]|_(?![^\W_])|(?<![^\W_])_|\](?=\(|$)")
_MENTION = re.compile(r"<(?=@|#|a?:|t:|id:|/[^<>]*:\d)|@(?=everyone|here)")
# What people pick, and their client writes as a number: mentions, emoji of servers, moments in time.
_PICKED = re.compile(r"(<(?:(?:@[!&]?|#|a?:[A-Za-z0-9_]{1,32}:)\d{1,20}|t:-?\d{1,16}(?::[A-Za-z])?)>)")
_LINE = re.compile(r"^(\s*)(#{1,3}(?=\s|$)|-#(?=\s|$)|[-+](?=\s|$)|>|\d+(?=\.(?:\s|$)))", re.MULTILINE)


def escaped(text: str, *, fresh: bool = True) -> str:
    """Text that Discord shows as it is; `fresh`: it begins a line, where more signs have a meaning."""
    if not _SPECIAL.search(text):
        return text
    parts = []
    end = 0
    for url in ADDRESS.finditer(text):
        address = re.sub("@(?=everyone|here)", "%40", url[0][:5].lower() + url[0][5:])
        parts += [_signs(text[end : url.start()]), f"<{address}>"]
        end = url.end()
    parts.append(_signs(text[end:]))
    whole = "".join(parts)
    return _LINE.sub(_unlined, whole) if fresh else whole


def _signs(text: str) -> str:
    return _MENTION.sub(lambda sign: sign[0] + _NOTHING, _SIGNS.sub(r"\\\g<0>", text))


def _unlined(match: re.Match[str]) -> str:
    space, sign = match.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"
