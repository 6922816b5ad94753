"""Keeps what people wrote from reordering the sentence it stands in.

Scripts that run from right to left turn the punctuation around them, and invisible characters can turn
everything after them (U+202E shows "exe.gpj" for "jpg.exe"). What comes into a sentence of ours is isolated: it
is laid out by itself (Unicode's bidirectional algorithm, UAX #9, rules BD8 and X5c), and loses the characters
that turn directions, which names and short values have no use for.
"""

import re
import unicodedata

FSI, PDI = "\u2068", "\u2069"  # first strong isolate, pop directional isolate
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides, isolates and their ends
_FROM_RIGHT = frozenset({"R", "AL", "AN"})


def untwisted(text: str) -> str:
    """The text without the characters that change direction. Letters keep the direction that they have."""
    return text if text.isascii() else _TURNS.sub("", text)


def runs_from_right(text: str) -> bool:
    """Whether any letter or digit of it is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _FROM_RIGHT for letter in text)


def begins_from_right(text: str) -> bool:
    """Whether its first letter is written from right to left: then all of it is laid out so (UAX #9, P2)."""
    directions = map(unicodedata.bidirectional, text)
    return next((one != "L" for one in directions if one in ("L", "R", "AL")), False)


def isolated(text: str, *, among_rtl: bool = False) -> str:
    """`text` so that the words around it stay where they are; they run from right to left `among_rtl`.

    What runs the way they do anyway stays as it is, so that codes and amounts can be copied as they are.
    """
    if text.isascii() and not among_rtl:
        return text
    text = untwisted(text)
    if among_rtl:
        is_word = text.isascii() and text.isalnum()  # which needs no isolation
        is_foreign = not is_word and any(unicodedata.bidirectional(letter) == "L" for letter in text)
    else:
        is_foreign = runs_from_right(text)
    return f"{FSI}{text}{PDI}" if is_foreign else text
