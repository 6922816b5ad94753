"""What modules of processes share."""

from collections.abc import Iterator

import pytest

from tests.e2e.warm import Warm, warm


@pytest.fixture(scope="session")
def ready() -> Iterator[Warm]:
    """Starts commands that need not be imported first."""
    with warm() as made:
        yield made
