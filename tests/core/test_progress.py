"""The progress bar of a picture."""

import pytest

from core.answer import Progress


@pytest.mark.parametrize("elapsed", [9.9, 10, 40])
def test_no_bar_claims_to_be_done(elapsed: float) -> None:
    """A picture that takes longer than usual does not reach 100 % before it is there."""
    assert Progress(elapsed, 10).share == 0.95
    for signs in (10, 12, 24):
        assert Progress(elapsed, 10).bar(signs, "x", "-").endswith("-")


@pytest.mark.parametrize("progress", [Progress(40), Progress(40, 10, place=3)])
def test_without_a_usual_time_there_is_no_bar(progress: Progress) -> None:
    """Nor while the order waits in line."""
    assert progress.share == 0
    assert progress.bar(10, "x", "-") == ""
