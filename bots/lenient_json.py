"""Reads the JSON of platforms' servers leniently: it holds texts that strangers wrote."""

import json
from typing import Any

import msgspec

from core.surrogates import mended


def read_json(data: bytes | str) -> Any:
    """The decoded value. Lone surrogates, which JSON can escape and which could be neither stored nor sent on,
    become U+FFFD, and so do bytes that are no UTF-8. Raises ValueError."""
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
