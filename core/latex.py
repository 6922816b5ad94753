"""LaTeX to readable Unicode."""

import re

_CERTAIN = re.compile(r"[\\^_{}=<>]")
_LIKELY = re.compile(r"\d+(?:[.,]\d+)?|(?=.*[A-Za-z])(?!.*[A-Za-z]{2})[-+*/().,!|' \w]*[\w)!']")


def is_formula(source: str) -> bool:
    """Whether what stands between two dollar signs is a formula, and not the text between two prices."""
    return bool(_CERTAIN.search(source) or _LIKELY.fullmatch(source))


def readable(source: str) -> str:
    return source
