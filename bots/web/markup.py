"""Markdown to HTML that is safe by construction: everything is escaped, only the tags below are written."""

import re
import time
from functools import lru_cache
from html import escape

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
    Row,
    Rule,
    Runs,
    Table,
    parse,
)

_AUTO = ' dir="auto"'  # a list, a quote and a table begin at the side where their words do
_METER = re.compile("(?=[█░]{10})(█*)░*")  # not for people: as /usage has it
_LINK_SCHEMES = ("http://", "https://", "mailto:")
_TAGS = ((Mark.BOLD, "strong"), (Mark.ITALIC, "em"), (Mark.STRIKE, "del"))
_CHIP = 32  # characters of code that a telephone has room for in one line: it is not cut in two
_SIDES = {"Left": "left", "Center": "center", "Right": "right"}
# CPU time after which code is shown without colours. 20 kB take a third of it as a rule, but what some lexers
# do grows with the square of the text: over as many blank lines that of C takes a minute, while all else waits.
_HIGHLIGHT_S = 0.3


def render_blocks(markdown: str) -> tuple[str, ...]:
    """HTML of every block of the top level, so that a page replaces only those that changed."""
    return tuple(render_block(block) for block in parse(markdown))


def render_block(block: Block) -> str:
    """HTML of one block: one element."""
    match block:
        case Paragraph(runs):
            return f"<p>{_inline(runs)}</p>"
        case Heading(level, runs):
            return f"<h{level}>{_inline(runs)}</h{level}>"
        case Code(text, language):
            return _code(text, language)
        case Quote(blocks, kind):
            title = f'<p class="alert">{escape(kind)}</p>' if kind else ""
            return f"<blockquote{_AUTO}>{title}{''.join(map(render_block, blocks))}</blockquote>"
        case List(items, start):
            tag = "ul" if start is None else "ol"
            first = "" if start in (None, 1) else f' start="{start}"'
            return f"<{tag}{first}{_AUTO}>{''.join(map(_item, items))}</{tag}>"
        case Item():
            return _item(block)
        case Table():
            return _table(block)
        case Rule():
            return "<hr>"


def _item(item: Item) -> str:
    """An item's first paragraph stands in it without a tag of its own."""
    blocks = item.blocks
    lead = "" if item.checked is None else "☑ " if item.checked else "☐ "
    if blocks and isinstance(blocks[0], Paragraph):
        lead += _inline(blocks[0].runs)
        blocks = blocks[1:]
    name = "" if item.checked is None else ' class="task"'
    return f"<li{name}>{lead}{''.join(map(render_block, blocks))}</li>"


def _table(table: Table) -> str:
    body = "".join(_row(row, "td", table.align) for row in table.rows)
    return (
        f'<div class="table"><table{_AUTO}><thead>{_row(table.head, "th", table.align)}</thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: Row, tag: str, align: tuple[str, ...]) -> str:
    cells = []
    for runs, side in zip(row, align, strict=False):
        name = f' class="{_SIDES[side]}"' if side in _SIDES else ""
        cells.append(f"<{tag}{name}>{_inline(runs)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _inline(runs: Runs) -> str:
    html = []
    for run in runs:
        if run.marks & Mark.CODE and (meter := _METER.fullmatch(run.text)):
            html.append(_meter(len(meter[1]), len(meter[0])))
            continue
        is_prose = not (run.link or run.marks & Mark.CODE)
        text = _addresses(run.text) if is_prose else escape(run.text)
        text = text.replace("\n", "<br>")
        if run.marks:
            for mark, tag in _TAGS:
                if run.marks & mark:
                    text = f"<{tag}>{text}</{tag}>"
            if run.marks & Mark.CODE:
                name = ' class="chip"' if len(run.text) <= _CHIP else ""
                text = f"<code{name}>{text}</code>"
            if run.marks & Mark.SPOILER:
                text = f'<span class="spoiler">{text}</span>'
        if run.link:
            text = _link(text, run.link)
        html.append(text)
    return "".join(html)


def _meter(full: int, of: int) -> str:
    """A bar of block characters, drawn."""
    shape = f'<rect width="{full}" height="1"/>'
    return (
        f'<svg class="meter" viewBox="0 0 {of} 1" preserveAspectRatio="none" aria-hidden="true">{shape}</svg>'
    )


def _addresses(text: str) -> str:
    """A bare address is a link, as it is in every other chat; what ends a sentence is not part of it."""
    html, at = [], 0
    for found in ADDRESS.finditer(text):
        html += [escape(text[at : found.start()]), _link(escape(found[0]), found[0])]
        at = found.end()
    return "".join([*html, escape(text[at:])])


def _link(text: str, address: str) -> str:
    """Only addresses that open a page or a letter become links; of others the text stays."""
    if not address.lower().startswith(_LINK_SCHEMES):
        return text
    return f'<a href="{escape(address)}" rel="noopener noreferrer nofollow" target="_blank">{text}</a>'


def _code(text: str, language: str) -> str:
    name = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{name}>{_highlighted(text, language)}</code></pre>"


@lru_cache(maxsize=64)
def _highlighted(text: str, language: str) -> str:
    """The code with spans of Pygments' classes, where the language is known and they are quickly found."""
    if not language:
        return escape(text)
    import pygments  # late: a start without the web page has no use for it
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.lower(), stripnl=False)
    except ClassNotFound:
        return escape(text)
    tokens, until = [], time.thread_time() + _HIGHLIGHT_S
    for token in lexer.get_tokens(text):
        tokens.append(token)
        if time.thread_time() > until:
            return escape(text)
    html: str = pygments.format(tokens, HtmlFormatter(nowrap=True))
    return html.removesuffix("\n")  # with which a command that was copied would run as it is pasted
