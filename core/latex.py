"""LaTeX to readable Unicode."""

import re

import pyromark

_CERTAIN = re.compile(r"[\\^_{}=<>]")
_LIKELY = re.compile(r"\d+(?:[.,]\d+)?|(?=.*[A-Za-z])(?!.*[A-Za-z]{2})[-+*/().,!|' \w]*[\w)!']")


def is_formula(source: str) -> bool:
    """Whether what stands between two dollar signs is a formula, and not the text between two prices."""
    return bool(_CERTAIN.search(source) or _LIKELY.fullmatch(source))


def readable(source: str) -> str:
    return source


_BRACKET_MATH = re.compile(
    rb"\\\((?:[^\n\\]|\\[^()\n]|\n(?!\s*\n))+?\\\)|\\\[(?:[^\n\\]|\\[^\[\]\n]|\n(?!\s*\n))+?\\\]"
)


def dollars(markdown: str, options: pyromark.Options) -> str:
    r"""The source with `\(x\)` and `\[x\]` as `$$x$$`, which is as long, outside of code."""
    if "\\(" not in markdown and "\\[" not in markdown:
        return markdown
    source = markdown.encode()
    formulas = list(_BRACKET_MATH.finditer(source))
    if not formulas:
        return markdown
    code = [
        (span["start"], span["end"])
        for event, span in pyromark.events_with_range(markdown, options=options)
        if isinstance(event, dict) and ("Code" in event or event.get("End") == "CodeBlock")
    ]
    changed = bytearray(source)
    for formula in formulas:
        start, end = formula.span()
        if not any(left <= start < right for left, right in code):
            changed[start : start + 2] = changed[end - 2 : end] = b"$$"
    return changed.decode()
