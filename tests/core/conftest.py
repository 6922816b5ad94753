"""Time that moves when a test says so."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=ZoneInfo("UTC")).timestamp()


@dataclass
class Clock:
    """Stands still at noon until `now` is changed."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()
