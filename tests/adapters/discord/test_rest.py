"""Calls to Discord's API that a proxy answered."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bots.discord import rest
from bots.discord.rest import BANNED_RETRY_S, Declined, Rest, Upload
from core.errors import DeliveryError, SlowDown
from core.pace import PacedLane


class Learner(PacedLane):
    """A lane that keeps what it is told."""

    def __init__(self) -> None:
        self.learnt: list[tuple[int, float]] = []

    def learn(self, left: int, reset_after: float) -> None:
        self.learnt.append((left, reset_after))


class Between:
    """A loopback proxy that answers every call as it was told to."""

    status, text = 200, ""
    headers: dict[str, str] = {}  # noqa: RUF012  # set anew by each test
    rest: Rest

    def __init__(self) -> None:
        self.open = asyncio.Event()  # nothing is answered while it is cleared
        self.open.set()

    async def answer(self, request: web.Request) -> web.Response:
        await self.open.wait()
        return web.Response(status=self.status, text=self.text, headers=self.headers)


@pytest.fixture
async def between() -> AsyncIterator[Between]:
    proxy, app = Between(), web.Application()
    app.router.add_route("*", "/{path:.*}", proxy.answer)
    async with TestServer(app) as server, ClientSession() as session:
        proxy.rest = Rest(str(server.make_url("")).rstrip("/"), "token", session)
        yield proxy


@pytest.mark.parametrize("text", ["<html>Welcome</html>", '{"id": ', "[" * 100_000])
async def test_a_page_instead_of_an_answer_is_a_failed_delivery(between: Between, text: str) -> None:
    """A captive page with status 200 delays an answer: the call is retried."""
    between.text = text
    with pytest.raises(DeliveryError) as caught:
        await between.rest.call("GET", "/users/@me")
    assert not isinstance(caught.value, Declined), "it is worth another try"


@pytest.mark.parametrize(("status", "is_final"), [(403, False), (404, False), (413, True)])
async def test_a_page_instead_of_a_refusal_is_a_failed_delivery(
    between: Between, status: int, is_final: bool
) -> None:
    """An HTML page with 403 or 404 does not mean that an answer was deleted: it is retried. A 413 counts."""
    between.status, between.text = status, "<html>Attention Required!</html>"
    between.headers = {"Content-Type": "text/html; charset=UTF-8"}
    with pytest.raises(DeliveryError) as caught:
        await between.rest.call("PATCH", "/channels/1/messages/2", {})
    assert isinstance(caught.value, Declined) is is_final


@pytest.mark.parametrize("json_value", ['"soon"', "[]", "1e999", "null", "1" * 400])
async def test_a_pause_that_is_no_number_is_the_usual_one(between: Between, json_value: str) -> None:
    """A 429 without a valid time waits as long as after an unexplained ban."""
    between.status, between.text = 429, f'{{"retry_after": {json_value}}}'
    with pytest.raises(SlowDown) as caught:
        await between.rest.call("GET", "/users/@me")
    assert caught.value.retry_after == BANNED_RETRY_S


@pytest.mark.parametrize(
    "json_value", ['"none"', "null", "[1]", '50035, "errors": [{}, {}]', '50035, "errors": null']
)
async def test_an_odd_refusal_is_a_refusal(between: Between, json_value: str) -> None:
    """An error body of another shape fails this call only."""
    between.status, between.text = 403, f'{{"code": {json_value}}}'
    with pytest.raises(Declined) as caught:
        await between.rest.call("GET", "/users/@me")
    assert caught.value.code in (0, 50035)


async def test_odd_limits_change_no_answer(between: Between) -> None:
    """Invalid rate-limit headers are ignored."""
    between.text, between.headers = "{}", {"X-RateLimit-Remaining": "few", "X-RateLimit-Reset-After": "later"}
    lane = Learner()
    assert await between.rest.call("GET", "/users/@me", lane=lane) == {}
    assert not lane.learnt


async def test_an_upload_may_take_longer_than_another_call(
    between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow line pictures take their time: they would never arrive within the limit of a text."""
    monkeypatch.setattr(rest, "_TIMEOUT_S", 0.1)
    between.text = "{}"
    between.open.clear()
    files = [Upload("fox.png", b"...", "image/png")]
    upload = asyncio.create_task(between.rest.call("PATCH", "/channels/1/messages/2", {}, files=files))
    with pytest.raises(DeliveryError):
        await between.rest.call("PATCH", "/channels/1/messages/2", {})
    between.open.set()
    assert await upload == {}
