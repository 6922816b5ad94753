"""The webhook, and how many updates may wait in it."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from bots.telegram import webhook
from bots.telegram.webhook import PATH, SECRET_HEADER, Json, Webhook
from bots.web.server import serving
from tests.waiting import until


async def test_who_comes_again_finds_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit an update is refused, to be delivered again, and accepted once another one is done."""
    monkeypatch.setattr(webhook, "MOST_WAITING", 1)
    taken, over = list[int](), asyncio.Event()

    async def take(update: Json) -> None:
        taken.append(update["update_id"])
        await over.wait()

    door = Webhook()
    door.open("hush", take)
    async with (
        serving(Starlette(routes=[door.route]), "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers={SECRET_HEADER: "hush"}) as telegram,
    ):

        async def call(number: int) -> int:
            return (await telegram.post(PATH, json={"update_id": number})).status_code

        first = asyncio.create_task(call(1))
        await until(lambda: taken)
        assert await call(2) == 503
        over.set()
        assert [await first, await call(2)] == [200, 200]
    assert taken == [1, 2]
