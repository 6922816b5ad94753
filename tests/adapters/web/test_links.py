"""IMAGE_TRANSPORT=link: the model's side fetches the picture from our server, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest

from bots.web.app import create_app
from bots.web.server import serving
from core.app import Core
from core.attachments.media import LINK_TTL_S
from core.minitool.simulated import Simulated, serve_simulated
from core.opening import open_core
from tests.conftest import MakeSettings, free_port
from tests.core.attachments.made_pictures import encoded, photo
from tests.core.conftest import Clock
from tests.core.usecases.conftest import Place, posted
from tests.recording import RecordingReply


@dataclass
class Served:
    core: Core
    simulated: Simulated
    url: str
    clock: Clock

    def links(self) -> list[str]:
        """Of the pictures in the last question."""
        messages = self.simulated.record.calls[-1].body["messages"]
        parts = [part for one in messages if isinstance(one["content"], list) for part in one["content"]]
        return [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]


@pytest.fixture
async def served(make_settings: MakeSettings) -> AsyncIterator[Served]:
    """A core whose pictures travel as links, behind its own web server."""
    port, simulated, clock = free_port(), Simulated(tokens_per_s=0, first_token_s=0), Clock()
    url = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serve_simulated(simulated))
        given = {"minitoolai_base_url": address, "minitoolai_api_key": "key", "public_url": url}
        settings = make_settings(image_transport="link", content_key="a long enough secret", **given)
        core = await stack.enter_async_context(open_core(settings, clock=clock))

        async def health() -> dict[str, str]:
            return {"status": "ok"}

        await stack.enter_async_context(serving(create_app(core, health), "127.0.0.1", port))
        yield Served(core, simulated, url, clock)


async def test_the_model_fetches_the_picture_by_its_link(served: Served) -> None:
    """The model's side gets a link under PUBLIC_URL and fetches the picture; the next question contains a new
    link."""
    place, reply = Place(), RecordingReply()
    picture = posted(encoded(photo(64, 48), "JPEG"))
    await served.core.run(place.turn("ask", "What is this?", attachments=(picture,)), reply)
    (first,) = served.links()
    assert first.startswith(f"{served.url}/media/")
    assert "64 × 48" in reply.last.text
    await served.core.run(place.turn("ask", "Which colours?"), RecordingReply())
    (second,) = served.links()
    assert second.startswith(f"{served.url}/media/")
    assert second != first


async def test_a_link_opens_one_picture_for_a_while(served: Served) -> None:
    """The response has the right type, and headers against sniffing, caching and indexing; a changed, cut or
    expired link is not found."""
    await served.core.run(
        Place().turn("ask", "?", attachments=(posted(encoded(photo(64, 48), "JPEG")),)), RecordingReply()
    )
    (link,) = served.links()
    async with httpx.AsyncClient() as http:
        found = await http.get(link)
        assert found.status_code == 200
        assert found.content.startswith(b"\xff\xd8\xff")
        assert found.headers["content-type"] == "image/jpeg"
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["cache-control"] == "private, no-store"
        base = f"{served.url}/media"
        changed = link[:-9] + ("A" if link[-9] != "A" else "B") + link[-8:]  # the last one's last bits are none
        for wrong in (base, f"{base}/", changed, link[:-1]):
            assert (await http.get(wrong)).status_code == 404, wrong
        served.clock.now += LINK_TTL_S
        assert (await http.get(link)).status_code == 404


async def test_without_links_there_is_no_such_address(make_settings: MakeSettings) -> None:
    """With IMAGE_TRANSPORT=inline nothing is served under /media."""
    async with open_core(make_settings(minitoolai_simulated=True)) as core:

        async def health() -> dict[str, str]:
            return {"status": "ok"}

        async with (
            serving(create_app(core, health), "127.0.0.1", 0) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
        ):
            assert (await http.get(f"/media/{'A' * 54}")).status_code == 404
