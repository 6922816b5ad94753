"""Server-sent events, however the bytes are split."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import StreamCut
from core.minitool.sse import EventReader

STREAM = (
    "\ufeff: a comment\n\n"
    'data: {"text": "grüße 🦊\u2028"}\n\n'
    "event: ping\nid: 7\nretry: 10\ndata:no space\n\n"
    "data:  two spaces\n\n"
    "data: first\ndata: second\ndata\n\n"
    "nonsense\n:\n\n\n"
    "data: [DONE]"
)
EVENTS = ['{"text": "grüße 🦊\u2028"}', "no space", " two spaces", "first\nsecond\n", "[DONE]"]


def read(*pieces: bytes) -> list[str]:
    reader = EventReader()
    events = [event for piece in pieces for event in reader.feed(piece)]
    return [event.decode() for event in events + reader.finish()]


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
def test_a_cut_at_any_byte_changes_nothing(ending: str) -> None:
    """Split in two at every byte, with each line ending, the events are the same."""
    data = STREAM.replace("\n", ending).encode()
    for at in range(len(data) + 1):
        assert read(data[:at], data[at:]) == EVENTS, at


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
def test_single_bytes_are_enough(ending: str) -> None:
    """Byte by byte, the events are the same."""
    data = STREAM.replace("\n", ending).encode()
    assert read(*(data[at : at + 1] for at in range(len(data)))) == EVENTS


@given(
    st.lists(
        st.sampled_from([b"\n", b"\r", b"\r\n", b"data:", b"data: x", b"\xef\xbb\xbf", b"\xc3", b":", b""])
    ),
    st.data(),
)
def test_cuts_never_matter(parts: list[bytes], data: st.DataObject) -> None:
    """For any bytes, the splitting does not matter."""
    whole = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    edges = [0, *cuts, len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(edges)]
    one, many = EventReader(), EventReader()
    expected = one.feed(whole) + one.finish()
    assert [event for piece in pieces for event in many.feed(piece)] + many.finish() == expected


def test_an_event_comes_as_soon_as_it_is_complete() -> None:
    """It does not wait for the next piece, not even after a bare carriage return."""
    reader = EventReader()
    assert reader.feed(b"data: a\r\r") == [b"a"]
    assert reader.feed(b"\ndata: b\n\n") == [b"b"]


@pytest.mark.parametrize("piece", [b"x" * 50, b"data: " + b"x" * 50, b"data: xxxxxxxxxxxx\n", b"data\n" * 10])
def test_lines_and_events_are_bounded(piece: bytes) -> None:
    """An endless line, a long line and an event of many lines are limited."""
    reader = EventReader(limit=200)

    def endless() -> None:
        for _ in range(20):
            reader.feed(piece)

    with pytest.raises(StreamCut):
        endless()


def test_the_bound_is_for_one_event() -> None:
    """There may be any number of events within the limit."""
    reader = EventReader(limit=100)
    assert len([e for _ in range(50) for e in reader.feed(b"data: " + b"x" * 80 + b"\n\n")]) == 50
