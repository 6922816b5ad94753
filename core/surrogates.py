"""Mends what strangers wrote: JSON can say half of a character, and a command line brings bytes that are no
text as such. Neither can be stored or sent on. Signs of which nothing is seen are no words."""

from unicodedata import category

_UNSEEN = frozenset({"Cc", "Cf"})  # controls and formats: no-width spaces, joiners, marks of direction, tags
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs by their category


def mended(text: str) -> str:
    """Halves of a character that belong together become one, lone ones U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_seen(text: str) -> bool:
    """Whether there is anything in it for whoever reads it."""
    return not all(sign.isspace() or sign in _BLANKS or category(sign) in _UNSEEN for sign in text)
