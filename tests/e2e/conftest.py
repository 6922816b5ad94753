"""The fork server that tests of the console script share."""

from collections.abc import Iterator

import pytest

from tests.e2e.fork_server import ForkServer, fork_server


@pytest.fixture(scope="session")
def ready() -> ForkServer:
    """Starts commands without the time for imports."""
    return fork_server()


@pytest.fixture(scope="session", autouse=True)
def _nothing_stays() -> Iterator[None]:
    yield
    if fork_server.cache_info().currsize:
        fork_server().close()
