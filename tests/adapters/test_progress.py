"""How far a picture is, wherever it is waited for."""

import io

import pytest

from bots.discord.reply import _bar
from bots.telegram.captions import bar
from bots.terminal.reply import TerminalReply
from core.answer import Answer, Progress


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


async def bars(progress: Progress) -> list[str]:
    """The bar of every chat that draws one of signs."""
    err = Screen()
    await TerminalReply(io.StringIO(), err).show(Answer(progress=progress))
    line = err.getvalue().removeprefix("\r\x1b[2K")
    return [bar(progress), _bar(progress), line[:24]]


@pytest.mark.parametrize("elapsed", [9.9, 10, 40])
async def test_no_bar_claims_to_be_done(elapsed: float) -> None:
    """A picture that takes longer than others did is not there before it is there."""
    assert Progress(elapsed, 10).share == 0.95
    for drawn in await bars(Progress(elapsed, 10)):
        assert drawn[-1] != drawn[0], drawn


@pytest.mark.parametrize("progress", [Progress(40), Progress(40, 10, place=3)])
async def test_what_nobody_knows_is_not_drawn(progress: Progress) -> None:
    """While orders of this kind have no usual time, or this one waits in line, nothing is said to be done."""
    assert progress.share == 0
    assert [drawn.strip("╌") for drawn in await bars(progress)] == ["", "", ""]
