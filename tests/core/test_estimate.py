"""The most that a prompt can cost, and the count of its tokens."""

from hypothesis import given
from hypothesis import strategies as st

from core import estimate, tokens
from core.minitool.wire import ImagePart, Message, TextPart


@given(st.lists(st.text(st.characters(), max_size=200), max_size=4))
def test_the_bound_is_a_bound(texts: list[str]) -> None:
    """No text has more tokens than its bound, including emoji, control characters and lone surrogates."""
    messages = [Message("user", text) for text in texts]
    assert estimate.prompt_tokens(messages, 0, "gpt-4o")[0] <= estimate.prompt_bound(messages)


def test_parts_and_pictures_count() -> None:
    """Text parts count as text; pictures by their model's formula, which the caller applies."""
    message = Message("user", (TextPart("abcd"), ImagePart("https://example.org/a.png"), TextPart("ef")))
    assert estimate.prompt_bound([message], 765) == 6 + 765 + 2 * 8
    words = tokens.count("abcd", "m")[0] + tokens.count("ef", "m")[0]
    assert estimate.prompt_tokens([message], 765, "m") == (words + 765 + 4 + 3, "estimated")
