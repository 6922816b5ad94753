"""The webhook: takes updates that Telegram sends to our web server. Imports nothing of Telegram's library."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bots.lenient_json import read_json

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
_MOST_BYTES = 1024 * 1024
MOST_WAITING = 256

Json = dict[str, Any]  # an update as Telegram sends it
Take = Callable[[Json], Awaitable[None]]


class Webhook:
    """The endpoint in the web server. Closed (403 or 503: Telegram retries) until the adapter opens it.

    It responds when the next update of the chat may come to any process (see `sequencer`): Telegram holds that
    back until then.
    """

    def __init__(self) -> None:
        self._secret = b""
        self._take: Take | None = None
        self._waiting = 0
        self.route = Route(PATH, self._answer, methods=["POST"])

    def open(self, secret: str, take: Take) -> None:
        self._secret, self._take = secret.encode(), take

    def close(self) -> None:
        self._take = None

    async def _answer(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not self._secret or not hmac.compare_digest(given, self._secret):
            return Response(status_code=403)
        if self._take is None or self._waiting >= MOST_WAITING:
            return Response(status_code=503)
        update = await _read(request)
        if update is None:
            return Response(status_code=400)
        if self._take is None:  # closed while it was read
            return Response(status_code=503)
        self._waiting += 1
        try:
            await self._take(update)
        finally:
            self._waiting -= 1
        return Response(status_code=200)


WEBHOOK = Webhook()  # of this process: the web server is made before the adapter


async def _read(request: Request) -> Json | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return None
    try:
        update = read_json(bytes(body))
    except ValueError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None
