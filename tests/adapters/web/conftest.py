"""The page over a real Core, a real Valkey and the simulated API, served on loopback."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bots.web.app import create_app
from bots.web.server import serving
from bots.web.site import Site
from core.app import Core
from core.minitool.simulated import Simulated, serve_simulated
from core.opening import open_core
from tests.adapters.web.visitor import Visitor
from tests.conftest import MakeSettings


@dataclass
class Place:
    """A served page and what stands behind it."""

    url: str
    core: Core
    site: Site
    simulated: Simulated
    stack: AsyncExitStack

    async def visitor(self) -> Visitor:
        """Somebody who has opened the page."""
        visitor = Visitor(self.url)
        await self.stack.enter_async_context(visitor.http)
        await visitor.arrive()
        return visitor


OpenPlace = Callable[..., Any]


@pytest.fixture
def open_place(make_settings: MakeSettings) -> OpenPlace:
    """open_place(simulated, **settings) is a context with a Place."""

    @asynccontextmanager
    async def opened(simulated: Simulated | None = None, **settings: Any) -> AsyncIterator[Place]:
        upstream = simulated or Simulated(tokens_per_s=0, first_token_s=0, job_s=0.05)
        async with AsyncExitStack() as stack:
            address = await stack.enter_async_context(serve_simulated(upstream))
            given = {"minitoolai_base_url": address, "minitoolai_api_key": "test", "user_per_minute": 1000}
            made = make_settings(**given | settings)
            core = await stack.enter_async_context(open_core(made))
            site = Site(core)

            async def health() -> dict[str, str]:
                return {"status": "ok"}

            url = await stack.enter_async_context(serving(create_app(core, health, site=site), "127.0.0.1", 0))
            visitors = await stack.enter_async_context(AsyncExitStack())
            yield Place(f"http://127.0.0.1:{url}", core, site, upstream, visitors)

    return opened


@pytest.fixture
async def place(open_place: OpenPlace) -> AsyncIterator[Place]:
    """A page whose upstream answers at once."""
    async with open_place() as opened:
        yield opened


@pytest.fixture
async def visitor(place: Place) -> Visitor:
    """Somebody who has opened the page."""
    return await place.visitor()
