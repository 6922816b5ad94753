"""Estimates what a prompt can cost at most, before it is sent, and what it did cost where the provider did not
say.

Bounds are for holding money: no byte-level tokeniser makes more tokens than there are UTF-8 bytes.
"""

from collections.abc import Sequence

from core import tokens
from core.minitool.wire import Message

# The chat format adds 3 to 4 tokens to a message and 3 to the answer's beginning (OpenAI's cookbook,
# "How to count tokens"). The bound leaves room for a template that differs.
MESSAGE_TOKENS = 4
_ANSWER_TOKENS = 3
_MOST_MESSAGE_TOKENS = 8


def prompt_bound(messages: Sequence[Message], picture_tokens: int = 0) -> int:
    """Tokens that the prompt cannot exceed. `picture_tokens` by the model's formula (`ChatModel.vision`)."""
    return _size(messages) + picture_tokens + (len(messages) + 1) * _MOST_MESSAGE_TOKENS


def prompt_least(messages: Sequence[Message]) -> int:
    """Tokens that a prompt of natural text has at least, its pictures left out."""
    return int(_size(messages) // tokens.MOST_BYTES)


def prompt_tokens(messages: Sequence[Message], picture_tokens: int, model: str) -> tuple[int, str]:
    """The prompt's tokens as counted here, and how: "counted" or "estimated"."""
    counts = [tokens.count(text, model) for message in messages for text in message.texts]
    total = sum(count for count, _ in counts) + picture_tokens + len(messages) * MESSAGE_TOKENS + _ANSWER_TOKENS
    return total, tokens.COUNTED if all(how == tokens.COUNTED for _, how in counts) else tokens.ESTIMATED


def _size(messages: Sequence[Message]) -> int:
    """Bytes of all the texts."""
    return sum(len(text.encode("utf-8", "surrogatepass")) for message in messages for text in message.texts)
