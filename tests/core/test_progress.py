"""How far a picture is, wherever it is waited for."""

import pytest

from core.answer import Progress


@pytest.mark.parametrize("elapsed", [9.9, 10, 40])
def test_no_bar_claims_to_be_done(elapsed: float) -> None:
    """A picture that takes longer than others did is not there before it is there."""
    assert Progress(elapsed, 10).share == 0.95
    for signs in (10, 12, 24):
        assert Progress(elapsed, 10).bar(signs, "x", "-").endswith("-")


@pytest.mark.parametrize("progress", [Progress(40), Progress(40, 10, place=3)])
def test_what_nobody_knows_is_not_drawn(progress: Progress) -> None:
    """While orders of this kind have no usual time, or this one waits in line, nothing is said to be done."""
    assert progress.share == 0
    assert progress.bar(10, "x", "-") == ""
