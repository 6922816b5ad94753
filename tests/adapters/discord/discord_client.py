"""What Discord's client shows of a message: a judge for tests, which knows its grammar and nothing of ours.

Its rules were compared with those of published client parsers. Unlike CommonMark, it is a list of patterns
that are tried from left to right at each place, most of them over line breaks.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple


class Seen(NamedTuple):
    """A character, "•" or "#7" for an item's mark, or "→" with the address that the words before it lead to."""

    sign: str
    # b bold, i italic, u underlined, s struck, p spoiler, c code, q quote, L link, - small, 1 2 3 heading
    look: frozenset[str]


@dataclass(frozen=True)
class _Place:
    """Where text stands."""

    look: frozenset[str] = frozenset()
    is_line_start: bool = True  # whether its first character begins a line
    in_list: bool = False
    in_quote: bool = False
    in_link: bool = False

    def within(self, look: str) -> "_Place":
        return replace(self, look=self.look | {look})


_MARK = r"(?:[*-]|\d+\.)"
# A heading's line loses number signs at its end; no heading where its words begin like one.
_HEADING = re.compile(r" *(#{1,3})\s+((?!\s*#{1,3}\s)[^\n]+?)#*\s*(?:\n|\Z)")
_SMALL = re.compile(r" *-# +((?!-#)[^\n]+)(?:\n|\Z)")
# A quote needs a space behind its sign.
_QUOTE = re.compile(r" *>(?!>>) +[^\n]*(?:\n *>(?!>>) +[^\n]*)*\n?")
# A list ends before a line that is neither moved in nor an item: before a blank line and before code, too.
_LIST = re.compile(rf"( *){_MARK} (?:[^\n]|\n(?= |\1{_MARK} ))+\n?")
_ITEM = re.compile(rf"( *)({_MARK}) +")
# A backslash protects any sign that is no letter, digit or blank.
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_FENCE = re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n](?:.|\n)*?)\n*```", re.IGNORECASE)
_CODE = re.compile(r"(`+)((?:.|\n)*?[^`])\1(?!`)")
# The words of a link know no escape; pairs of brackets in them count. The address may stand in <>.
_LINK = re.compile(r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)")
_ADDRESS = re.compile(r"<(https?://[^ >]+)>|(https?://[^\s<]+[^<.,:;\"'\]\s])")
_CALL = re.compile(r"<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|t:-?\d+(?::\w)?|id:\w+)>|@everyone|@here")
_EM = re.compile(
    r"_((?:__|\\[^\n]|[^\\_])+?)_\b|\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
    re.ASCII,
)
_STRONG = re.compile(r"\*\*((?:\\(?:.|\n)|[^\\])+?)\*\*(?!\*)")
_UNDER = re.compile(r"__((?:\\(?:.|\n)|[^\\])+?)__(?!_)")
_STRIKE = re.compile(r"~~((?:.|\n)+?)~~(?!_)")
_SPOILER = re.compile(r"\|\|((?:.|\n)+?)\|\|")
_NESTED = (("i", _EM), ("b", _STRONG), ("u", _UNDER))  # the longest of these wins, then the earlier
_FLAT = (("s", _STRIKE), ("p", _SPOILER))


def seen(page: str) -> list[Seen]:
    """What is seen of a message, which Discord trims, without blanks."""
    shown = _blocks(page.strip(), _Place())
    return [one for one in shown if not one.sign.isspace() and one.sign != "\u200b"]


def _blocks(text: str, place: _Place) -> Iterator[Seen]:
    """Text in which blocks may begin at the beginning of each line."""
    at = 0
    while at < len(text):
        begins = text[at - 1] == "\n" if at else place.is_line_start
        if begins and not place.in_link:
            if found := None if place.in_list else _HEADING.match(text, at):
                inner = replace(place.within(str(len(found[1]))), is_line_start=True)
                yield from _blocks(found[2].strip(), inner)
            elif found := _SMALL.match(text, at):
                yield from _blocks(found[1].strip(), replace(place.within("-"), is_line_start=True))
            elif found := None if place.in_quote else _QUOTE.match(text, at):
                lines = re.sub(r"^ *> ?", "", found[0], flags=re.MULTILINE)
                yield from _blocks(lines, replace(place.within("q"), in_quote=True, is_line_start=True))
            elif found := _LIST.match(text, at):
                yield from _items(found[0], place)
            if found:
                at = found.end()
                continue
        end, shown = _inline(text, at, place, begins=begins)
        yield from shown
        at = end


def _items(text: str, place: _Place) -> Iterator[Seen]:
    """A list. Items are moved in like the first, or one space more; deeper lines belong to the item above."""
    first = _ITEM.match(text)
    assert first is not None
    number = max(1, int(first[2][:-1])) if first[2][-1] == "." else None  # counts on from its first item
    bodies: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        item = _ITEM.match(line)
        if item and 0 <= len(item[1]) - len(first[1]) <= 1:
            bodies.append(line[item.end() :])
        else:
            bodies[-1] += "\n" + re.sub(rf"^ {{1,{first.end()}}}", "", line)
    for at, body in enumerate(bodies):
        yield Seen("•" if number is None else f"#{number + at}", place.look)
        yield from _blocks(body, replace(place, in_list=True, is_line_start=True))


def _inline(text: str, at: int, place: _Place, *, begins: bool) -> tuple[int, list[Seen]]:
    """What stands at one place of a line, and where it ends."""
    if not place.in_link and (found := _ESCAPE.match(text, at)):
        return found.end(), [Seen(found[1], place.look)]
    if found := _FENCE.match(text, at) or _CODE.match(text, at):
        return found.end(), [Seen(sign, place.look | {"c"}) for sign in found[2]]
    if not place.in_link and (found := _LINK.match(text, at)):
        return found.end(), _link(found, place)
    if found := _ADDRESS.match(text, at):
        return found.end(), [Seen(sign, place.look | {"L"}) for sign in found[1] or found[2]]
    if found := _CALL.match(text, at):
        return found.end(), [Seen(f"⟦{found[0]}⟧", place.look)]
    for rules in (_NESTED, _FLAT):
        styles = [(found, look) for look, rule in rules if (found := rule.match(text, at))]
        if styles:
            found, look = max(styles, key=lambda style: style[0].end())
            words = next(group for group in found.groups() if group is not None)
            return found.end(), list(_blocks(words, replace(place.within(look), is_line_start=begins)))
    return at + 1, [Seen(text[at], place.look)]


def _link(found: re.Match[str], place: _Place) -> list[Seen]:
    """A link; its source where its words are blank, or hold an emoji, an address or a mention."""
    words, address = found.groups()
    is_drawn = re.match("https?://", address) and words.strip() and not _CALL.search(words)
    if not is_drawn or _ADDRESS.search(words) or _LINK.search(words) or any(map(_is_emoji, words)):
        return [Seen(sign, place.look | {"raw"}) for sign in found[0]]
    inner = replace(place.within("L"), in_link=True, is_line_start=False)
    return [*_blocks(words, inner), Seen("→" + address, place.look)]


def _is_emoji(sign: str) -> bool:
    return sign == "\ufe0f" or (ord(sign) >= 0x2600 and unicodedata.category(sign) == "So")
