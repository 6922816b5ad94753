"""Every character of an answer is seen on Discord as the block tree says it looks."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import unquote

from hypothesis import given, settings

from bots.discord.markup import DiscordRenderer
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
    Table,
    parse,
)
from core.markdown.tables import aligned, as_list
from tests.adapters.discord.discord_client import Seen, seen
from tests.core.markdown.made_markdown import DOCUMENTS, EXAMPLES, paginate

_LOOKS = ((Mark.BOLD, "b"), (Mark.ITALIC, "i"), (Mark.STRIKE, "s"), (Mark.SPOILER, "p"), (Mark.CODE, "c"))
_STYLES = frozenset("bisp")
_WIDTH = 64  # columns of tables
_UNSEEN = "\u200b▏"


def meant(
    blocks: Sequence[Block], look: frozenset[str] = frozenset(), *, in_item: bool = False
) -> Iterator[Seen]:
    """What the blocks say, in the judge's words."""
    for block in blocks:
        match block:
            case Paragraph(runs):
                yield from _said(runs, look)
            case Heading(level, runs):
                yield from _said(runs, look | {"b" if in_item or level > 3 else str(level)})
            case Code(text):
                yield from (Seen(sign, look | {"c"}) for sign in text)
            case Quote(inner, kind):
                yield from _said((Run(kind, Mark.BOLD),), look | {"q"})
                yield from meant(inner, look | {"q"}, in_item=in_item)
            case List(items, start):
                for at, item in enumerate(items):
                    mark = "•" if start is None else f"#{start + at}"
                    yield from (Seen(sign, look) for sign in (("0", ".") if mark == "#0" else (mark,)))
                    yield from meant((item,), look)
            case Item(inner, checked):
                if checked is not None:
                    yield Seen("☑" if checked else "☐", look)
                yield from meant(inner, look, in_item=True)
            case Table():
                drawn = aligned(block, _WIDTH)
                yield from meant((as_list(block) if drawn is None else Code(drawn),), look)
            case Rule():
                yield from (Seen("─", look) for _ in range(3))


def _said(runs: Sequence[Run], look: frozenset[str]) -> Iterator[Seen]:
    for link, group in groupby(runs, key=lambda run: run.link):
        for run in group:
            marks = look | {name for mark, name in _LOOKS if run.marks & mark}
            yield from (Seen(sign, marks) for sign in run.text)
        if link:
            yield Seen("→" + link, look)


def differences(shown: Sequence[Seen], expected: Sequence[Seen]) -> tuple[Sequence[Seen], Sequence[Seen]]:
    """Both from where they differ. A link may be drawn, have its address behind its words or in their place, or
    none; but no link is drawn that was not meant. Code and addresses may have fewer styles."""
    at = 0
    for place, one in enumerate(expected):
        if one.sign.startswith("→"):
            address = "".join(one.sign[1:].split())
            ahead = "".join(other.sign for other in shown[at : at + len(address) + 2])
            if at < len(shown) and unquote(shown[at].sign) == unquote(one.sign):
                at += 1
            elif ahead == f"({address})":
                at += len(ahead)
            elif ahead.startswith(address):
                at += len(address)
        elif not one.sign.isspace() and one.sign not in _UNSEEN:
            if at == len(shown) or one.sign != shown[at].sign or not _is_like(shown[at].look, one.look):
                return shown[at : at + 20], expected[place : place + 20]
            at += 1
    return shown[at:], ()


def _is_like(shown: frozenset[str], expected: frozenset[str]) -> bool:
    is_free = "c" in expected or "L" in shown
    return shown == expected or (is_free and shown - {"L"} <= expected and expected - shown <= _STYLES)


def assert_seen(source: str) -> None:
    """On one page: a link that is cut is drawn on both."""
    page = "".join(paginate(source, DiscordRenderer(taken=-1_000_000)))
    shown = [one for one in seen(page) if one.sign not in _UNSEEN]
    assert differences(shown, list(meant(parse(source)))) == ([], ()), source


def is_known(blocks: Sequence[Block], *, in_quote: bool = False) -> bool:
    """Whether Discord has all of it: it knows no quote in a quote, of which we draw what comes near."""
    for block in blocks:
        is_quote = isinstance(block, Quote)
        inner = block.items if isinstance(block, List) else getattr(block, "blocks", ())
        if (is_quote and in_quote) or not is_known(inner, in_quote=in_quote or is_quote):
            return False
    return True


def test_the_specification_s_examples() -> None:
    # In an address a bracket behind `]` is written as a number, lest it make a link.
    for source in [one for one in EXAMPLES if is_known(parse(one)) and "=](uri)>" not in one]:
        assert_seen(source)


@settings(max_examples=40)
@given(DOCUMENTS.filter(lambda source: is_known(parse(source))))
def test_answers_as_models_write_them(source: str) -> None:
    assert_seen(source)
