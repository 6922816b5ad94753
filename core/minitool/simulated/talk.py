"""A simulated answer: checked, composed, cut into pieces and streamed at a human pace."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from core.minitool.simulated.answers import Asked, compose_text
from core.minitool.simulated.faults import Fault
from core.minitool.simulated.seeing import describe, read_picture

_PIECE = re.compile(r"\s*\S{1,7}|\s+")  # about as long as a token
_DEFAULT_TOKENS = 1000
_PICTURE_TOKENS = 5  # less than any model takes for one: a rehearsal never costs more than was held
_AFTER = 3  # pieces that come before something breaks midway
_SILENCE_S = 3600.0
_LINGER_S = 0.1
_DATED = "2024-07-18"


def question_of(body: dict[str, Any]) -> str:
    """The text of the last message."""
    messages = body.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages and isinstance(messages[-1], dict) else {}
    return _text(last.get("content"))


def _text(content: object) -> str:
    if isinstance(content, list):
        parts = (str(part.get("text", "")) for part in content if isinstance(part, dict))
        return "\n".join(part for part in parts if part)
    return str(content or "")


def problem_with(body: dict[str, Any]) -> str:
    """Which documented rule the request breaks; "" if none."""
    messages, temperature, most = (
        body.get(key) for key in ("messages", "temperature", "max_completion_tokens")
    )
    if not isinstance(body.get("model"), str) or not body["model"]:
        return "model"
    if not isinstance(messages, list) or not messages:
        return "messages"
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in ("developer", "user", "assistant"):
            return "role"
        if not isinstance(message.get("content"), str | list) or not message["content"]:
            return "content"
    if temperature is not None and (not isinstance(temperature, int | float) or not 0 <= temperature <= 2):
        return "temperature"
    if most is not None and (not isinstance(most, int) or most < 1):
        return "max_completion_tokens"
    return ""


async def compose(body: dict[str, Any]) -> str:
    """The answer to the last message, with a description of each picture that came with it."""
    messages = body["messages"]
    pictures = []
    for url in _picture_urls(messages[-1]["content"]):
        data = await read_picture(url)
        pictures.append(None if data is None else await asyncio.to_thread(describe, data))
    earlier = [_text(message["content"]) for message in messages[:-1] if message["role"] == "user"]
    instructions = [_text(message["content"]) for message in messages if message["role"] == "developer"]
    return compose_text(
        Asked(
            question=question_of(body),
            earlier=tuple(earlier),
            instructions=len(" ".join(instructions)),
            model=body["model"],
            temperature=body.get("temperature"),
            pictures=tuple(pictures),
        )
    )


def _picture_urls(content: object) -> list[str]:
    parts = content if isinstance(content, list) else []
    images = (part.get("image_url") for part in parts if isinstance(part, dict))
    return [image["url"] for image in images if isinstance(image, dict) and isinstance(image.get("url"), str)]


class Answer:
    """A composed answer in the wire format. A piece of text counts as one token."""

    def __init__(self, body: dict[str, Any], text: str, now: float) -> None:
        self.body, self.text, self.now = body, text, now
        pieces, most = _PIECE.findall(text), int(body.get("max_completion_tokens") or _DEFAULT_TOKENS)
        self.pieces: list[str] = pieces[:most]
        self.finish_reason = "length" if len(pieces) > most else "stop"

    @property
    def usage(self) -> dict[str, Any]:
        messages = self.body["messages"]
        size = sum(len(_text(message["content"]).encode()) for message in messages)
        pictures = sum(len(_picture_urls(message["content"])) for message in messages)
        prompt = 3 + 4 * len(messages) + -(-2 * size // 7) + _PICTURE_TOKENS * pictures
        completion = len(self.pieces)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
        }

    def plain(self) -> dict[str, Any]:
        """The whole as one `chat.completion`."""
        message = {"role": "assistant", "content": "".join(self.pieces)}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage}

    def chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice], "usage": None}

    def last(self) -> dict[str, Any]:
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage}

    def _head(self, kind: str) -> dict[str, Any]:
        number = zlib.crc32(self.text.encode())
        model = f"{self.body['model']}-{_DATED}"
        return {"id": f"chatcmpl-sim{number:08x}", "object": kind, "created": int(self.now), "model": model}


async def stream(
    answer: Answer, fault: Fault | None, tokens_per_s: float, first_token_s: float
) -> AsyncIterator[bytes | None]:
    """The event stream, bent by the fault; None means that the connection is to be dropped."""
    kind = fault.kind if fault else ""
    if kind == "odd":
        yield b"\xef\xbb\xbf: here comes the answer\r\n\r\n"
    await asyncio.sleep(_SILENCE_S if kind == "stall-first" else first_token_s)
    yield _event(answer.chunk({"role": "assistant", "content": ""}), kind)
    for number, piece in enumerate(answer.pieces):
        if number == _AFTER and (broken := _broken(fault)) is not None:
            for data in broken:
                yield data
            if kind not in ("garbage", "odd"):
                if kind == "stall":
                    await asyncio.sleep(_SILENCE_S)
                return
        yield _event(answer.chunk({"content": piece}), kind)
        await asyncio.sleep(1 / tokens_per_s if tokens_per_s else 0)
    if kind != "no-finish":
        yield _event(answer.chunk({}, answer.finish_reason), kind)
    while kind == "linger":
        yield b": still here\n\n"
        await asyncio.sleep(_LINGER_S)
    if kind != "no-usage":
        yield _event(answer.last(), kind)
    if kind != "no-done":
        yield b"data:[DONE]" if kind == "odd" else b"data: [DONE]\n\n"


def _broken(fault: Fault | None) -> list[bytes | None] | None:
    """What comes midway in place of the rest; None where nothing breaks."""
    code = fault.detail if fault and fault.detail else "server_error"
    error = msgspec.json.encode({"error": {"message": "simulated", "type": code, "code": code}})
    return {
        "cut": [None],
        "quiet-end": [],
        "stall": [],
        "error": [b"data: " + error + b"\n\n"],
        "garbage": [b'data: {"choices": [{"delta": {"content": \n\n', b"%%% not an event\n\n", b"data: 42\n\n"],
        "odd": [b": still here\r\n\r\n", b"event: ping\r\n\r\n"],
    }.get(fault.kind if fault else "")  # type: ignore[return-value]  # lists are invariant, these are never changed


def _event(chunk: dict[str, Any], kind: str) -> bytes:
    data = msgspec.json.encode(chunk)
    return b"data:" + data + b"\r\n\r\n" if kind == "odd" else b"data: " + data + b"\n\n"
