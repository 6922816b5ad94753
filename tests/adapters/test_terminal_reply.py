"""Answers in a terminal or pipe that cannot take them, or that is not a full terminal."""

import io
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from bots.terminal.reply import TerminalReply
from core.answer import Answer, Bill, Phase, Progress
from core.errors import Gone


@pytest.fixture(autouse=True)
def _usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the tests are started from."""
    for name, value in (("TERM", "xterm"), ("NO_COLOR", ""), ("COLUMNS", "80"), ("LINES", "24")):
        monkeypatch.setenv(name, value)


BILL = Bill("gpt-4o-mini", "stop", prompt_tokens=9, completion_tokens=8, nanos=6150, measured="usage")
WHOLE = Answer(Phase.DONE, text="A fjord is a long, narrow inlet.", bill=BILL)


@pytest.fixture
def full() -> Iterator[TextIO]:
    """A file that takes nothing, not even at its end."""
    file = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115  # closed below
    yield file
    with pytest.raises(OSError, match="No space"):
        file.close()


@pytest.mark.parametrize("as_json", [False, True])
async def test_a_full_disk_is_a_failure_in_one_line(full: TextIO, as_json: bool) -> None:
    """Half an answer in a file is a failure, even if the model's answer was complete."""
    err = io.StringIO()
    reply = TerminalReply(full, err, as_json=as_json)
    for _ in range(2):
        with pytest.raises(Gone):
            await reply.show(WHOLE)
    assert reply.has_failed
    assert err.getvalue() == "No space left on device\n"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


SLY = Answer(
    Phase.DONE, text="a\x1b]52;c;eA==\x07\tb\x9b2J&#27;[2J\n", note="no\x1b[2Jte", footer="\x1b[31mcost"
)


async def test_a_model_cannot_command_the_terminal() -> None:
    """Escape sequences are disarmed, also those written as character references in Markdown; a file gets the
    text unchanged."""
    out, err, file = Screen(), Screen(), io.StringIO()
    await TerminalReply(out, err).show(SLY)
    await TerminalReply(file, err).show(SLY)
    assert out.getvalue() == "a]52;c;eA== b2J[2J\n"
    assert "no[2Jte\n\x1b[2m[31mcost\x1b[0m\n" in err.getvalue()
    assert file.getvalue() == SLY.text


async def test_json_cannot_command_the_terminal_either() -> None:
    """Every control character is escaped, so that none is lost; letters stay readable."""
    out = io.StringIO()
    answer = Answer(Phase.DONE, text="ü\n" + "".join(map(chr, range(0xA0))), bill=BILL)
    await TerminalReply(out, io.StringIO(), as_json=True).show(answer)
    assert [sign for sign in out.getvalue() if unicodedata.category(sign) == "Cc"] == ["\n"]
    assert "ü" in out.getvalue()
    assert json.loads(out.getvalue())["text"] == answer.text


async def test_a_terminal_that_knows_no_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It gets the plain text as it comes."""
    monkeypatch.setenv("TERM", "dumb")
    out, err = Screen(), Screen()
    reply = TerminalReply(out, err)
    await reply.show(Answer(note="Thinking…"))
    await reply.show(Answer(Phase.GROWING, text="**a"))
    assert out.getvalue() == "**a"
    await reply.show(Answer(Phase.DONE, text="**a** \x1b[2J| b", footer="cost"))
    blank = f"\r{' ' * 79}\r"
    assert (out.getvalue(), err.getvalue()) == ("**a** [2J| b\n", f"{blank}Thinking…{blank}cost\n")


async def test_nobody_who_asks_for_no_colours_gets_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR the answer is formatted without colours."""
    monkeypatch.setenv("NO_COLOR", "1")
    out = Screen()
    await TerminalReply(out, io.StringIO()).show(Answer(Phase.DONE, text="**a** `b`"))
    assert out.getvalue() == "\x1b[1ma\x1b[0m \x1b[4mb\x1b[0m\n"


async def test_what_was_there_when_it_failed_stays() -> None:
    """A failure ends the line that was there."""
    out, err = Screen(), io.StringIO()
    reply = TerminalReply(out, err)
    await reply.show(Answer(Phase.GROWING, text="a *b"))
    await reply.show(Answer(Phase.FAILED, note="It failed."))
    assert (out.getvalue(), err.getvalue()) == ("a \x1b[3mb\x1b[0m\n", "It failed.\n")


async def test_a_state_keeps_to_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A progress line that does not fit is cut with an ellipsis, as only the last line is cleared. The elapsed
    time appears once."""
    monkeypatch.setenv("COLUMNS", "40")
    err = Screen()
    reply = TerminalReply(io.StringIO(), err)
    await reply.show(Answer(note="Es wird gemalt … 12 s", progress=Progress(12, 24)))
    await reply.show(Answer(note="Die Bestellung steht in der Schlange, an Stelle 3."))
    first, second = err.getvalue().split("\r\x1b[2K")[1:]
    assert first == "━" * 12 + "╌" * 12 + "  Es wird gema…"
    assert second == "Die Bestellung steht in der Schlange, …"


async def test_json_has_a_state_until_it_comes() -> None:
    """While the answer grows, which JSON does not show, the last state stays."""
    out, err = io.StringIO(), Screen()
    reply = TerminalReply(out, err, as_json=True)
    for answer in (
        Answer(note="Thinking…"),
        Answer(Phase.GROWING, text="A"),
        Answer(Phase.GROWING, text="A b"),
    ):
        await reply.show(answer)
    assert (out.getvalue(), err.getvalue()) == ("", "\r\x1b[2KThinking…")
    await reply.show(WHOLE)
    assert err.getvalue().endswith("\r\x1b[2K")


async def test_a_reader_that_leaves_has_read_enough() -> None:
    """A closed pipe, as by `head`, is no failure."""

    class Closed(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    err = io.StringIO()
    reply = TerminalReply(Closed(), err)
    with pytest.raises(Gone):
        await reply.show(WHOLE)
    assert not reply.has_failed
    assert err.getvalue() == ""


async def test_a_script_reads_once_why_it_waits() -> None:
    """Without a terminal there is no progress line; only a reason for a delay is printed."""
    out, err = io.StringIO(), io.StringIO()
    reply = TerminalReply(out, err)
    for answer in (Answer(note="Painting"), *2 * [Answer(note="The disk is full.", alert=True)], WHOLE):
        await reply.show(answer)
    assert (out.getvalue(), err.getvalue()) == (f"{WHOLE.text}\n", "The disk is full.\n")
