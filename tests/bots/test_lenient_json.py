"""JSON of the platforms' servers is read completely, or refused."""

import json

import pytest

from bots.lenient_json import read_json


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b'{"a": "\\ud83d\\ude00", "b": [1, null, 0.5]}', {"a": "😀", "b": [1, None, 0.5]}),
        (b'{"a": "x \\ud83d y", "\\ude00": "\\ud83d\\ude00"}', {"a": "x \ufffd y", "\ufffd": "😀"}),
        ('"\ud83d"', "\ufffd"),
        (b'"\xff"', "\ufffd"),
        (b"12345678901234567890123", 12345678901234567890123),
    ],
)
def test_what_is_read_can_be_written(sent: bytes | str, read: object) -> None:
    """Lone surrogates and invalid bytes are replaced; everything else is unchanged."""
    found = read_json(sent)
    assert found == read
    json.dumps(found, ensure_ascii=False).encode()


@pytest.mark.parametrize("sent", [b"", b"<html>", b'{"a": ', '{"a": "\ud83d', b"[" * 200_000])
def test_what_is_no_json_is_refused(sent: bytes | str) -> None:
    """An error page instead of JSON is a ValueError."""
    with pytest.raises(ValueError, match=r"."):
        read_json(sent)
