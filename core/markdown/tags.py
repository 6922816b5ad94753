"""HTML as models write it: what a few tags mean. All else that looks like a tag is text, and stays."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from core.markdown.latex import shifted
from core.markdown.runs import Mark, Run, Runs, merged

_LOOKS = {"b": Mark.BOLD, "strong": Mark.BOLD, "mark": Mark.BOLD, "summary": Mark.BOLD, "i": Mark.ITALIC}
_LOOKS |= {"em": Mark.ITALIC, "s": Mark.STRIKE, "del": Mark.STRIKE, "code": Mark.CODE, "kbd": Mark.CODE}
_LOOKS |= dict.fromkeys(("u", "small", "sub", "sup", "a", "p", "div", "details", "center"), Mark.NONE)
_SHIFTS = {"sub": "_", "sup": "^"}
_TAG = re.compile(r"\s*<(/?)([A-Za-z]+)(\s[^<>]*)?>\s*")
_HREF = re.compile(r"\shref=[\"'](https?://[^\"'\s]+)[\"']", re.IGNORECASE)
_BLOCKS = r"(?:p|div|details|summary|center)(?=[\s>])[^<>]*>"
_BLOCK = re.compile(rf"\s*</?{_BLOCKS}", re.IGNORECASE)
_ROOM = r"(?<![ \t])[ \t]*"  # looked through once, and not from each of its blanks
_IN_BLOCK = re.compile(
    r"(<!---?>|<!--(?:[^-<]++|(?!-->|<!--)[-<])*-->\n?|"
    rf"(?:{_ROOM})?<{_BLOCKS}[ \t]*\n?[ \t]*|(?:\n[ \t]*|{_ROOM})?</{_BLOCKS}|</?[A-Za-z][^<>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_LINE = re.compile(rf"^[ \t]*(?:</?{_BLOCKS}[ \t]*)+(?:\n|\Z)", re.MULTILINE | re.IGNORECASE)
_MEANT = re.compile(rf"<(?:!--|/(?:{'|'.join(_LOOKS)})[\s>])", re.IGNORECASE)  # a comment, or a tag's other end
_RAISED = re.compile(r"[\w+\-=() ]+")


def understood(runs: list[Run]) -> list[Run]:
    """Runs of one block in which tags are marked as such, with the looks of those tags that have both their
    ends; the others become text. Comments go."""
    ends, found = _ends(runs), list[Run]()
    closing = set(ends.values())
    looks, is_apart = [_Look()], False
    for at, run in enumerate(runs):
        if at in ends:
            looks.append(_look(run.text, looks[-1]))
        elif at in closing:
            looks.pop()
        elif not (run.marks & Mark.TAG and run.text.startswith("<!--")):
            seen = _seen(run, looks[-1])
            if is_apart and seen.text.strip():
                seen, is_apart = _on_own_line(seen, found), False
            found.append(seen)
            continue
        is_apart = is_apart or bool(_BLOCK.match(run.text))
    return found


def _on_own_line(run: Run, before: Sequence[Run]) -> Run:
    """What only a tag that begins or ends a block keeps apart from what is before it."""
    last = next((one.text for one in reversed(before) if one.text.strip(" \t")), "\n").rstrip(" \t")
    has_line = last.endswith("\n") or run.text.lstrip(" \t").startswith("\n")
    return run if has_line else Run(f"\n{run.text.lstrip()}", run.marks, run.link)


def in_block(html: str) -> Runs:
    """The runs of a block of HTML. A line of nothing but tags that begin or end a block says nothing, even
    where their other ends are in another block."""
    if not _MEANT.search(html):
        return merged([Run(_LINE.sub("", html).lstrip("\n").rstrip())])
    parts = _IN_BLOCK.split(html)  # text and tags in turns
    runs = merged(understood([Run(part, at % 2 and Mark.TAG) for at, part in enumerate(parts) if part]))
    texts = [_LINE.sub("", run.text) for run in runs]
    if texts:
        texts[0] = texts[0].lstrip("\n")
        texts[-1] = texts[-1].rstrip()
    return merged([Run(text, run.marks, run.link) for text, run in zip(texts, runs, strict=True)])


class _Look(NamedTuple):
    """What the tags around a text make of it."""

    marks: int = Mark.NONE
    link: str = ""
    shift: str = ""


def _look(tag: str, outer: _Look) -> _Look:
    found = _TAG.fullmatch(tag)
    assert found
    name = found[2].lower()
    href = _HREF.search(tag) if name == "a" else None
    link = href[1] if href else outer.link
    return _Look(outer.marks | _LOOKS[name], link, _SHIFTS.get(name, outer.shift))


def _seen(run: Run, look: _Look) -> Run:
    text = shifted(run.text, look.shift) if look.shift and _RAISED.fullmatch(run.text) else run.text
    return Run(text, run.marks & ~Mark.TAG | look.marks, run.link or look.link)


def _ends(runs: list[Run]) -> dict[int, int]:
    """The places of the tags that open, and of those that close them."""
    ends: dict[int, int] = {}
    opened: list[tuple[str, int]] = []
    counts: defaultdict[str, int] = defaultdict(int)
    for at, run in enumerate(runs):
        tag = _TAG.fullmatch(run.text) if run.marks & Mark.TAG else None
        name = tag[2].lower() if tag else ""
        if not tag or name not in _LOOKS or (name == "a" and not tag[1] and not _HREF.search(tag[0])):
            continue
        if not tag[1]:
            opened.append((name, at))
            counts[name] += 1
        elif counts[name]:
            while (last := opened.pop())[0] != name:
                counts[last[0]] -= 1
            counts[name] -= 1
            ends[last[1]] = at
    return ends
