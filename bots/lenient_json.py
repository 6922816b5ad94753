"""What a platform's servers send, which strangers wrote."""

import json
from typing import Any

import msgspec

from core.surrogates import mended


def read_json(data: bytes | str) -> Any:
    """The value. Half of a character, which JSON can say and which nothing here could keep or send on, becomes
    U+FFFD, and so do bytes that are no UTF-8. Raises ValueError."""
    try:
        return _value(data)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _value(data: bytes | str) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeError):
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        return json.loads(mended(json.dumps(json.loads(text), ensure_ascii=False)))
