"""What modules of processes share."""

from collections.abc import Iterator

import pytest

from tests.e2e.warm import Warm, warm


@pytest.fixture(scope="session")
def ready() -> Warm:
    """Starts commands that need not be imported first."""
    return warm()


@pytest.fixture(scope="session", autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    if warm.cache_info().currsize:
        warm().close()
