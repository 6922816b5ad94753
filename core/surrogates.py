"""Mends what strangers wrote: JSON can say half of a character, and a command line brings bytes that are no
text as such. Neither can be stored or sent on."""


def mended(text: str) -> str:
    """Halves of a character that belong together become one, lone ones U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
