"""The routes of the simulated API: the documented calls, and a switch for faults besides."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from core.minitool.simulated import talk
from core.minitool.simulated.call_log import CallLog
from core.minitool.simulated.faults import CALLS, Call, Fault, Faults, parse_fault
from core.minitool.simulated.jobs import SimulatedJob, parse_order, parse_signature
from core.minitool.simulated.painting import paint
from core.minitool.wire import ImageRequest

_FOREVER_S = 3600.0
_HTML = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1><hr>nginx</body></html>"
_CODES = {
    401: "invalid_api_key",
    402: "insufficient_balance",
    413: "string_above_max_length",
    429: "rate_limit_exceeded",
}
_HUGE_BYTES = 5 * 1024**3  # which nobody reads to the end


@dataclass(kw_only=True, eq=False)
class Simulated:
    """One simulated API: its pace, its faults, and what it saw.

    `tokens_per_s` 0 answers as fast as it can; `job_s` None takes as long as a picture of that size and
    so many steps would. With `key` set, calls without it get 401.
    """

    tokens_per_s: float = 30.0
    first_token_s: float = 0.4
    job_s: float | None = None
    key: str = ""
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self.faults = Faults()
        self.record = CallLog()
        self.transports: dict[object, asyncio.Transport] = {}  # by the client's address and port
        self._failed_once: set[str] = set()

    def asgi(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/chat-completions/", self._chat, methods=["POST"]),
                Route("/api/texttoimage/", self._submit, methods=["POST"]),
                Route("/api/texttoimage/jobs/", self._poll, methods=["POST"]),
                Route("/api/pictures/{signature}.png", self._picture),
                Route("/_faults", self._control, methods=["GET", "POST", "DELETE"]),
            ]
        )

    # The documented calls

    async def _chat(self, request: Request) -> Response:
        body = await _json(request)
        self._note("chat", request, body)
        fault = self.faults.take("chat", talk.question_of(body))
        if response := await self._refusal(request, fault):
            return response
        if problem := talk.problem_with(body):
            return _error(400, "invalid_request_error", problem)
        text = await talk.compose(body)
        answer = talk.Answer(body, text, self.clock())
        if fault and fault.kind == "plain":
            return JSONResponse(answer.plain())
        return StreamingResponse(self._stream(answer, fault, request), media_type="text/event-stream")

    async def _stream(
        self, answer: "talk.Answer", fault: Fault | None, request: Request
    ) -> AsyncIterator[bytes]:
        with self.record.streaming():
            async for piece in talk.stream(answer, fault, self.tokens_per_s, self.first_token_s):
                if piece is None:
                    await self._drop(request)
                    return
                yield piece

    async def _submit(self, request: Request) -> Response:
        body = await _json(request)
        self._note("submit", request, body)
        fault = self.faults.take("submit", str(body.get("prompt", "")))
        if response := await self._refusal(request, fault):
            return response
        order = parse_order(body)
        if order is None:
            return JSONResponse({"status": "error", "jobid": None, "signature": None})
        job = SimulatedJob(order, self.clock() + self._seconds(order, fault))
        return JSONResponse({"status": "success", "jobid": job.id, "signature": job.signature})

    async def _poll(self, request: Request) -> Response:
        body = await _json(request)
        self._note("poll", request, body)
        fault = self.faults.take("poll")
        if response := await self._refusal(request, fault):
            return response
        signature = str(body.get("signature", ""))
        job = parse_signature(signature)
        if job is None or str(job.id) != body.get("jobid"):  # the documented id is a string here
            return JSONResponse({"status": "error", "message": "no such job"})
        fault = fault or parse_fault(job.order.prompt)
        if self.clock() < job.due:
            return JSONResponse({"status": "pending", "message": "in progress"})
        if fault and (
            fault.kind == "fail" or (fault.kind == "error-once" and signature not in self._failed_once)
        ):
            self._failed_once.add(signature)
            return JSONResponse({"status": "error", "message": "generation failed"})
        url = str(request.url_for("_picture", signature=signature))
        return JSONResponse({"status": "success", "image_url": url, "message": "success"})

    async def _picture(self, request: Request) -> Response:
        self._note("picture", request, {})
        job = parse_signature(request.path_params["signature"])
        if job is None:
            return _error(404, "not_found", "no such picture")
        fault = self.faults.take("picture")
        if response := await self._refusal(request, fault):
            return response
        fault = fault or parse_fault(job.order.prompt)
        match fault and fault.kind:
            case "gone":
                return _error(404, "not_found", "no such picture")
            case "text":
                return Response("This is no picture.", media_type="image/png")
            case "huge":
                return StreamingResponse(_huge(), media_type="image/png")
            case "redirect":
                return RedirectResponse((fault and fault.detail) or "http://169.254.169.254/latest/")
        picture = await asyncio.to_thread(paint, job.order, job.due)
        if fault and fault.kind == "half":
            picture = picture[: len(picture) // 2]
        return Response(picture, media_type="image/png")

    async def _control(self, request: Request) -> Response:
        """GET what was seen; POST {"call", "kind", "detail", "times"} a fault; DELETE those that wait."""
        if request.method == "DELETE":
            self.faults.clear()
        if request.method == "POST":
            body = await _json(request)
            if body.get("call") not in CALLS or not isinstance(body.get("kind"), str):
                return _error(400, "invalid_request_error", "call and kind")
            self.faults.add(body["call"], body["kind"], str(body.get("detail", "")), int(body.get("times", 1)))
        return JSONResponse(self.record.as_json())

    # What they share

    def _note(self, call: Call, request: Request, body: dict[str, Any]) -> None:
        self.record.note(call, is_signed="authorization" in request.headers, body=body)

    async def _refusal(self, request: Request, fault: Fault | None) -> Response | None:
        """The answer in place of the right one, where the key or a fault wants that."""
        is_public = request.url.path.startswith(("/api/texttoimage/jobs/", "/api/pictures/"))
        if self.key and not is_public and request.headers.get("authorization") != f"Bearer {self.key}":
            return _error(401, "invalid_api_key", "wrong key")
        if fault is None:
            return None
        if fault.status:
            headers = {"Retry-After": fault.detail} if fault.detail else None
            return _error(fault.status, _CODES.get(fault.status, "simulated_error"), "simulated", headers)
        if fault.kind in ("html", "empty"):
            status = int(fault.detail) if fault.detail.isdigit() else 200
            return HTMLResponse(_HTML, status) if fault.kind == "html" else Response(b"", status)
        if fault.kind == "drop":
            await self._drop(request)
            return Response(b"")
        return None

    async def _drop(self, request: Request) -> None:
        client = request.client
        transport = self.transports.get((client.host, client.port)) if client else None
        if transport is not None:
            transport.abort()
            await asyncio.sleep(0.01)  # until the server has noticed, or it complains of an answer without end

    def _seconds(self, order: ImageRequest, fault: Fault | None) -> float:
        """Three to eight seconds, as a small diffusion model takes; `job_s` overrides that."""
        size = order.width * order.height / 1024**2
        seconds = min(8.0, max(3.0, 2.0 + 0.75 * order.steps * size)) if self.job_s is None else self.job_s
        return {"slow": 10 * seconds + 0.5, "never": _FOREVER_S}.get(fault.kind if fault else "", seconds)


async def _json(request: Request) -> dict[str, Any]:
    """The body as an object; anything else counts as an empty one."""
    try:
        body = msgspec.json.decode(await request.body())
    except msgspec.DecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "type": code, "code": code}}, status, headers)


async def _huge() -> AsyncIterator[bytes]:
    yield b"\x89PNG\r\n\x1a\n"
    for _ in range(_HUGE_BYTES // 65536 + 1):
        yield bytes(65536)
        await asyncio.sleep(0)  # or nobody notices that the reader went away
