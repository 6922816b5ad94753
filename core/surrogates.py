"""Mends lone surrogates in what strangers wrote: JSON can escape one, and a command line may hold bytes that
are no text. Neither can be stored or sent on."""


def mended(text: str) -> str:
    """The text with surrogate pairs joined to characters, and U+FFFD in place of lone surrogates."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
