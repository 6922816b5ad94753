"""A model API that repeats the request's headers and body in all its responses: the worst provider.

The first word of a question or prompt says how: a status such as `401` with all headers in its body, `html`,
`error` (an error object inside the stream), `garbage`, `redirect`. All else is answered properly. What it
handed out that is secret is in `secrets`.
"""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


class EchoingModel:
    """Serves on a loopback port; `base` is what MINITOOLAI_BASE_URL must be."""

    def __init__(self) -> None:
        self.base = ""
        self.secrets: list[str] = []
        self.links: list[str] = []  # of pictures that it was shown
        self.looks = 0

    def _secret(self, name: str) -> str:
        made = f"canary-{name}-{secrets.token_hex(8)}"
        self.secrets.append(made)
        return made

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        content = body["messages"][-1]["content"]
        parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
        self.links += [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
        words = " ".join(part["text"] for part in parts if part["type"] == "text")
        request_text = json.dumps({"headers": dict(request.headers), "body": body})
        if refused := self._refused(words.split()[0], request_text):
            return refused
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "X-Echo": request_text[:2000]}
        )
        await response.prepare(request)
        await response.write(_chunk({"delta": {"content": "One parrot word"}}))
        if words.startswith("error"):
            error = {"message": request_text, "type": "server_error", "code": "server_error"}
            await response.write(b"data: " + json.dumps({"error": error}).encode() + b"\n\n")
        elif words.startswith("garbage"):
            await response.write(b'data: {"choices": [{"delta": ' + request_text.encode() + b"\n\n")
        else:
            await response.write(_chunk({"delta": {}, "finish_reason": "stop"}) + b"data: [DONE]\n\n")
        return response

    def _refused(self, word: str, request_text: str) -> web.Response | None:
        if word.isdigit():
            error = {"message": f"Refused: {request_text}", "type": "invalid_request_error", "code": "refused"}
            return web.json_response(
                {"error": error}, status=int(word), headers={"X-Echo": request_text[:2000]}
            )
        if word == "html":
            return web.Response(text=f"<html>{request_text}</html>", content_type="text/html", status=502)
        if word == "redirect":
            address = f"http://127.0.0.1:1/?authorization={self._secret('redirect')}"
            return web.Response(status=302, headers={"Location": address})
        return None

    async def submit(self, request: web.Request) -> web.Response:
        body = await request.json()
        word = body["prompt"].split()[0]
        if refused := self._refused(word, json.dumps(dict(request.headers))):
            return refused
        return web.json_response(
            {"status": "success", "jobid": 12345678, "signature": self._secret("signature")}
        )

    async def look(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.looks += 1
        if self.looks % 2:  # every other look fails, and says all that it knows
            return web.json_response({"error": {"message": json.dumps(body)}}, status=500)
        url = f"{self.base}/made/{self._secret('path')}.png?sig={self._secret('url')}"
        return web.json_response({"status": "success", "image_url": url, "message": "success"})

    async def picture(self, request: web.Request) -> web.Response:
        if self.looks % 4 == 2:
            return web.Response(status=403, text=str(request.url))
        return web.Response(body=PNG, content_type="image/png")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["EchoingModel"]:
        application = web.Application()
        application.router.add_post("/api/chat-completions/", self.chat)
        application.router.add_post("/api/texttoimage/", self.submit)
        application.router.add_post("/api/texttoimage/jobs/", self.look)
        application.router.add_get("/api/made/{name}", self.picture)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}/api"
        try:
            yield self
        finally:
            await runner.cleanup()


def _chunk(choice: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, **choice}], "usage": None}).encode() + b"\n\n"
