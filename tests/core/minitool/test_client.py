"""What the client of the model's side keeps from one person to the next: nothing."""

from aiohttp import web

from core.minitool.client import open_minitool
from core.minitool.wire import Job
from tests.core.minitool.conftest import settings_for


async def test_no_cookie_is_kept() -> None:
    """What the other side sets for one person's request is not sent back with anybody else's."""
    came: list[str | None] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        came.append(request.headers.get("cookie"))
        return web.json_response({"status": "pending"}, headers={"set-cookie": "who=ann"})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with open_minitool(settings_for(f"http://127.0.0.1:{runner.addresses[0][1]}")) as minitool:
            for _ in range(2):
                assert await minitool.poll(Job("1", "s")) is None
    finally:
        await runner.cleanup()
    assert came == [None, None]
