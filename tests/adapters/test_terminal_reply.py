"""What a terminal's answer does where nobody can take it."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from bots.terminal.reply import TerminalReply
from core.answer import Answer, Phase, Progress
from core.errors import Gone

WHOLE = Answer(Phase.DONE, text="A fjord is a long, narrow inlet.")


@pytest.fixture
def full() -> Iterator[TextIO]:
    """A file that takes nothing, not even at its end."""
    file = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115  # closed below
    yield file
    with pytest.raises(OSError, match="No space"):
        file.close()


@pytest.mark.parametrize("as_json", [False, True])
async def test_a_full_disk_is_a_failure_in_one_line(full: TextIO, as_json: bool) -> None:
    """Half an answer in a file is no answer, however whole the model's was."""
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


async def test_a_model_cannot_command_the_terminal() -> None:
    """Escape sequences, which could fill the clipboard or clear the screen, lose what makes them one; a file
    gets the text as it came."""
    sly = Answer(Phase.DONE, text="a\x1b]52;c;eA==\x07\tb\x9b2J\n", note="no\x1b[2Jte", footer="\x1b[31mcost")
    out, err, file = Screen(), Screen(), io.StringIO()
    await TerminalReply(out, err).show(sly)
    await TerminalReply(file, err).show(sly)
    assert out.getvalue() == "a]52;c;eA==\tb2J\n"
    assert "no[2Jte\n[31mcost\n" in err.getvalue()
    assert file.getvalue() == sly.text


async def test_a_state_keeps_to_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is cut off, and seen to be: half of it would stay where only the last line is cleared.
    How long it has taken is said once."""
    monkeypatch.setenv("COLUMNS", "40")
    err = Screen()
    reply = TerminalReply(io.StringIO(), err)
    await reply.show(Answer(note="Es wird gemalt … 12 s", progress=Progress(12, 24)))
    await reply.show(Answer(note="Die Bestellung steht in der Schlange, an Stelle 3."))
    first, second = err.getvalue().split("\r\x1b[2K")[1:]
    assert first == "━" * 12 + "╌" * 12 + "  Es wird gema…"
    assert second == "Die Bestellung steht in der Schlange, …"


async def test_a_reader_that_leaves_has_read_enough() -> None:
    """As `head` does: that is no failure."""

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
    """Where there is no line that could show how far it is, only what keeps it from coming is said."""
    out, err = io.StringIO(), io.StringIO()
    reply = TerminalReply(out, err)
    for answer in (Answer(note="Painting"), *2 * [Answer(note="The disk is full.", alert=True)], WHOLE):
        await reply.show(answer)
    assert (out.getvalue(), err.getvalue()) == (f"{WHOLE.text}\n", "The disk is full.\n")
