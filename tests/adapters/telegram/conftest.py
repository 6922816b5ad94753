"""What the adapter's tests share."""

from collections.abc import AsyncIterator

import pytest

from tests.standins.telegram import TelegramStandin, without_limits


@pytest.fixture(autouse=True)
def _times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the library warns about its own RetryAfter, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def standin() -> AsyncIterator[TelegramStandin]:
    """A Bot API without flood limits; a test that wants them sets `standin.server.flood`."""
    async with TelegramStandin(flood=without_limits()) as running:
        yield running
