"""Odd pieces of an answer lose none of its text."""

import pytest

from core.errors import BadKey, StreamCut, Unreachable
from core.minitool.chat import AnswerReader
from core.minitool.wire import End, Event, NoAnswer, Text, Usage
from tests.core.minitool.stream import DONE, delta, ended, event, text_of


def read(*pieces: bytes) -> list[Event]:
    reader = AnswerReader()
    events = [event for piece in pieces for event in reader.feed(piece)]
    return events + list(reader.finish())


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([delta("a", usage={"prompt_tokens": None, "completion_tokens": None})], "a"),
        ([delta("a", usage={"prompt_tokens": 5, "completion_tokens": 2.5})], "a"),
        ([delta("a", usage="none")], "a"),
        ([delta([{"type": "text", "text": "a"}, "b", {"text": "c"}])], "ac"),
        ([delta("a").replace(b'"a"', b'"caf\xe9!"')], "caf\ufffd!"),
        ([delta("nice \ud83d"), delta("\ude00 day")], "nice \U0001f600 day"),
        ([delta("nice \ud83d"), delta(""), delta("\ude00 day")], "nice \U0001f600 day"),
        ([delta("nice \ud83d"), delta("day \ud83d")], "nice \ufffdday \ufffd"),
        ([delta("nice \ude00 day")], "nice \ufffd day"),
        ([event(choices=[{"delta": {"content": "a"}, "finish_reason": 7, "index": "x"}])], "a"),
    ],
)
def test_no_text_is_lost_for_what_is_odd_beside_it(pieces: list[bytes], text: str) -> None:
    """Every word is shown, and an emoji in two halves is joined; no lone surrogate comes out."""
    events = read(*pieces, ended("stop"), DONE)
    assert text_of(events) == text
    assert [event for event in events if not isinstance(event, Text)] == [End("stop")]
    assert text_of(read(b"".join(pieces), ended("stop"), DONE)) == text
    repr(events).encode()


def test_an_end_beside_an_odd_byte_counts() -> None:
    """The answer is whole, though nothing follows."""
    piece = event(choices=[{"delta": {"content": "caf?"}, "finish_reason": "length"}])
    assert read(piece.replace(b"?", b"\xe9")) == [Text("caf\ufffd"), End("length")]


@pytest.mark.parametrize("mark", [b"data:  [DONE] \n\n", b"data:[DONE]\t\n\n"])
def test_blanks_around_the_end_mark_are_no_cut(mark: bytes) -> None:
    """The documented end mark counts with any blanks, also without a finish reason."""
    assert read(delta("whole"), mark) == [Text("whole"), End("stop")]


def test_a_whole_message_beside_an_empty_piece_is_the_answer_once() -> None:
    """The text is taken from either field; a repetition of the pieces is dropped."""

    def both(piece: dict[str, str], message: str, reason: str | None = None) -> bytes:
        return event(choices=[{"delta": piece, "message": {"content": message}, "finish_reason": reason}])

    assert text_of(read(both({}, "whole", "stop"), DONE)) == "whole"
    pieces = both({"content": "a"}, "a"), both({"content": "b"}, "ab"), both({}, "ab", "stop")
    assert text_of(read(*pieces, DONE)) == text_of(read(b"".join(pieces), DONE)) == "ab"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_events_without_blank_lines_are_told_apart(ending: bytes) -> None:
    """Consecutive data lines are separate events; one event over several lines stays one."""
    pieces = (
        delta("a"),
        delta("b"),
        ended("stop"),
        event(usage={"prompt_tokens": 9, "completion_tokens": 2}),
        DONE,
    )
    body = b"".join(pieces).replace(b"\n\n", ending)
    assert read(body) == [Text("ab"), End("stop"), Usage(9, 2)]
    spread = delta("a").replace(b": [", b":\ndata: [")
    assert read(spread, ended("stop"), DONE) == [Text("a"), End("stop")]


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ((11.0, 7.0), [Usage(11, 7)]),
        (("11", "7"), [Usage(11, 7)]),
        ((True, 7), []),
        ((2.5, 7), []),
        (("-11", 7), []),
        ((7, -11), []),
        ((None, 7), []),
        ((11, None), []),
        (("many", 7), []),
    ],
)
def test_counts_are_taken_however_they_are_written(counts: tuple[object, object], usage: list[Event]) -> None:
    """The other side's plausible counts are charged, not our estimate."""
    piece = event(choices=[], usage=dict(zip(("prompt_tokens", "completion_tokens"), counts, strict=True)))
    assert read(delta("a"), ended("stop"), piece, DONE) == [Text("a"), End("stop"), *usage]


def test_too_deep_json_is_skipped() -> None:
    """Like any line that cannot be parsed."""
    deep = b'data: {"error": ' + b"[" * 200_000 + b"\n\n"
    assert read(deep, delta("a"), ended("stop"), DONE) == [Text("a"), End("stop")]


def test_an_error_after_the_end_is_ignored() -> None:
    """A complete answer is not reported as cut."""
    assert read(delta("whole"), ended("stop"), event(error={"code": 500})) == [Text("whole"), End("stop")]


@pytest.mark.parametrize("reason", ["error", "abort"])
def test_an_end_that_is_an_error_is_a_cut(reason: str) -> None:
    """A partial answer is not passed off as complete, and its cost is still read."""
    reader = AnswerReader()
    usage = event(usage={"prompt_tokens": 9, "completion_tokens": 2})
    pieces = delta("half a"), ended(reason), ended("stop"), usage, DONE
    assert [event for piece in pieces for event in reader.feed(piece)] == [Text("half a"), Usage(9, 2)]
    with pytest.raises(StreamCut):
        list(reader.finish())


@pytest.mark.parametrize("is_plain", [True, False])
def test_text_beside_an_error_is_given_out(is_plain: bool) -> None:
    """The last words are shown, also in the same piece as the error."""
    piece = delta("last words", error={"code": 502}).removeprefix(b"data: " if is_plain else b"")
    reader, events = AnswerReader(), list[Event]()

    def read_on() -> None:
        events.extend(reader.feed(piece))
        for one in reader.finish():  # one by one: it raises behind what came
            events.append(one)

    with pytest.raises(Unreachable):
        read_on()
    assert events == [Text("last words")]


@pytest.mark.parametrize(
    ("before", "is_owed"),
    [
        ([], False),
        ([delta("")], False),
        ([delta("a")], True),
        ([event(usage={"prompt_tokens": 9, "completion_tokens": 0})], True),
    ],
)
def test_an_error_in_place_of_an_answer_is_told_apart(before: list[bytes], is_owed: bool) -> None:
    """An error before anything else is free; after some text, it is paid."""
    reader = AnswerReader()
    events = [event for piece in (*before, event(error={"code": 500})) for event in reader.feed(piece)]
    assert (NoAnswer() not in events) == is_owed


def test_an_error_is_read_whatever_is_odd_in_its_message() -> None:
    """A byte that is no UTF-8 does not make a refused key a cut answer."""
    reader = AnswerReader()
    odd = event(error={"code": "invalid_api_key", "message": "cl?"}).replace(b"?", b"\xe9")
    assert reader.feed(odd) == [NoAnswer()]
    with pytest.raises(BadKey):
        list(reader.finish())
