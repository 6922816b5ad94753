"""Requests to the model's side and its responses, as data and as JSON. Strict in what is sent, liberal in what
is read."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import msgspec

from core.catalogue import SCHEDULERS, ChatModel, Detail
from core.money.base import MOST_TOKENS
from core.surrogates import mended

# What callers pass in


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture by https link or `data:` URL."""

    url: str = field(repr=False)
    detail: Detail = "high"


Content: TypeAlias = str | tuple[TextPart | ImagePart, ...]


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["developer", "user", "assistant"]
    content: Content

    @property
    def texts(self) -> tuple[str, ...]:
        """Its words, without its pictures."""
        if isinstance(self.content, str):
            return (self.content,)
        return tuple(part.text for part in self.content if isinstance(part, TextPart))


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question with the conversation before it. The model's `extra` fields are sent along."""

    model: ChatModel
    messages: tuple[Message, ...] = field(repr=False)
    temperature: float | None = None
    max_completion_tokens: int = 1000


@dataclass(slots=True)
class Fate:
    """Whether a request may cost something: from when it left until the other side says that it failed."""

    may_cost: bool = False


class ImageRequest(msgspec.Struct, frozen=True):
    """One picture to be made. Defaults are the API's own."""

    model: str
    prompt: str
    negative: str = ""
    scheduler: str = SCHEDULERS[0]
    steps: int = 4
    cfg: float = 2.0
    width: int = 1024
    height: int = 1024


USUAL = ImageRequest("", "")

# What callers get


class Text(msgspec.Struct, frozen=True, gc=False):  # made for every piece, at a tenth of a dataclass's cost
    """What came of the answer at one moment."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model's side counted them. `cached_tokens` are a part of `prompt_tokens`."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """The answer is whole as far as the model's side is concerned: "stop", "length", "content_filter"."""

    finish_reason: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """An error came in place of an answer: there is nothing to pay for. What it says is raised after this."""


Event: TypeAlias = Text | Usage | End | NoAnswer


@dataclass(frozen=True, slots=True)
class Job:
    """An image that is being made. Whoever holds the signature can fetch the picture."""

    id: str
    signature: str = field(repr=False)


# The JSON of the answers. A field that is missing or null has its default, an unknown one is ignored.


class _Delta(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    message: _Delta | None = None  # where the whole answer comes as plain JSON
    finish_reason: str | None = None


class _Cached(msgspec.Struct):
    cached_tokens: int | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Cached | None = None


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None  # an object, a text or a number: nobody documented it
    status: Any = None


class _JobAnswer(msgspec.Struct):
    status: str | None = None
    jobid: int | str | None = None
    signature: str | None = None
    image_url: str | None = None


_chunks = msgspec.json.Decoder(_Chunk)
_jobs = msgspec.json.Decoder(_JobAnswer)


class Chunk(msgspec.Struct, frozen=True):
    """One piece of an answer, as far as it can be used. `error` is what went wrong, as the model's side says.
    The text may begin or end with half of a character, whose other half is in the next piece. `message` is
    the answer as a whole, where that stands beside or in place of a piece."""

    text: str = ""
    finish_reason: str = ""
    usage: Usage | None = None
    error: object = None
    message: str = ""


def parse_chunk(data: bytes) -> Chunk | None:
    """One event or a whole plain answer; None where it is no JSON of the expected shape."""
    chunk: _Chunk | None
    try:
        chunk = _chunks.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        chunk = _odd_chunk(data)
    if chunk is None:
        return None
    text, finish_reason, message = "", "", ""
    if chunk.choices:
        choice = chunk.choices[0]
        text = _said(choice.delta or choice.message)
        message = _said(choice.message)
        finish_reason = choice.finish_reason or ""
    error = chunk.error or ("error" if chunk.status in ("error", "failed") else None)
    return Chunk(text, finish_reason, _usage(chunk.usage) if chunk.usage else None, error, message)


def _said(piece: _Delta | None) -> str:
    return (piece.content or piece.refusal or "") if piece else ""


def _odd_object(data: bytes) -> dict[str, Any] | None:
    """What is JSON but for a mark in front of it, a byte that is no UTF-8 or half of a character."""
    try:
        found = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _odd_chunk(data: bytes) -> _Chunk | None:
    """What can be used of a piece of which something is not as it should be: the text is not lost for a byte
    that is no UTF-8, for half of a character, for a count that is none."""
    if (found := _odd_object(data)) is None:
        return None
    choices, usage = found.get("choices"), found.get("usage")
    first = choices[0] if isinstance(choices, list) and choices else None
    choice, counts = _odd_choice(first), _odd_usage(usage)
    if choice is None and counts is None and not (found.get("error") or found.get("status")):
        return None
    return _Chunk([choice] if choice else None, counts, found.get("error"), found.get("status"))


def _odd_choice(found: object) -> _Choice | None:
    if not isinstance(found, dict):
        return None
    reason = found.get("finish_reason")
    return _Choice(
        delta=_odd_delta(found.get("delta")),
        message=_odd_delta(found.get("message")),
        finish_reason=mended(reason) if isinstance(reason, str) else None,
    )


def _odd_delta(found: object) -> _Delta | None:
    if not isinstance(found, dict):
        return None
    return _Delta(content=_odd_text(found.get("content")), refusal=_odd_text(found.get("refusal")))


def _odd_text(found: object) -> str:
    """A text, or a list of parts as questions have them."""
    if isinstance(found, list):
        texts = [part.get("text") for part in found if isinstance(part, dict)]
        return "".join(text for text in texts if isinstance(text, str))
    return found if isinstance(found, str) else ""


def _odd_usage(found: object) -> _Usage | None:
    try:
        return msgspec.convert(found, _Usage, strict=False)  # "11" and 11.0 are counts, true is none
    except msgspec.ValidationError:
        return None


def _usage(usage: _Usage) -> Usage | None:
    details = usage.prompt_tokens_details
    cached = (details.cached_tokens or 0) if details else 0
    prompt, completion = usage.prompt_tokens, usage.completion_tokens
    if prompt is None or completion is None:
        return None
    if not (0 <= prompt <= MOST_TOKENS and 0 <= completion <= MOST_TOKENS):
        return None  # it cannot be: better counted by us than booked
    return Usage(prompt, completion, min(max(cached, 0), prompt))


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What the image maker said, in lower case; `job` and `image_url` where it gave them."""

    status: str
    job: Job | None
    image_url: str = field(repr=False)


def parse_job(data: bytes) -> JobAnswer | None:
    """None where it is no JSON of the expected shape."""
    answer: _JobAnswer | None
    try:
        answer = _jobs.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        answer = _odd_job(data)
    if answer is None:
        return None
    job = None
    if answer.jobid not in (None, "") and answer.signature:
        job = Job(str(answer.jobid), answer.signature)
    return JobAnswer((answer.status or "").lower(), job, answer.image_url or "")


def _odd_job(data: bytes) -> _JobAnswer | None:
    """What can be used of an answer of which something is not as it should be: a picture that is paid for is
    not lost for a status that is no text."""
    found = _odd_object(data) or {}
    status, url = mended(_odd_text(found.get("status"))), mended(_odd_text(found.get("image_url")))
    answer = _JobAnswer(status, _odd_name(found.get("jobid")), _odd_name(found.get("signature")), url)
    return answer if status or answer.jobid or url else None


def _odd_name(found: object) -> str:
    """A text, or a whole number in place of one; "" for everything else."""
    if isinstance(found, int | float) and not isinstance(found, bool) and found % 1 == 0:
        return str(int(found))
    return mended(found) if isinstance(found, str) else ""


def chat_body(request: ChatRequest) -> bytes:
    """The JSON of a request: only documented fields, and what the catalogue adds for this model."""
    body: dict[str, object] = {
        "model": request.model.name,
        "messages": [{"role": m.role, "content": _content(m.content)} for m in request.messages],
        "max_completion_tokens": request.max_completion_tokens,
    }
    if request.temperature is not None:
        body["temperature"] = request.temperature
    return msgspec.json.encode(body | dict(request.model.extra))


def _content(content: Content) -> object:
    if isinstance(content, str):
        return content
    return [
        {"type": "text", "text": part.text}
        if isinstance(part, TextPart)
        else {"type": "image_url", "image_url": {"url": part.url, "detail": part.detail}}
        for part in content
    ]


def image_body(request: ImageRequest) -> bytes:
    return msgspec.json.encode(
        {
            "model": request.model,
            "prompt": request.prompt,
            "negativePrompt": request.negative or None,
            "scheduler": request.scheduler,
            "steps": request.steps,
            "cfgScale": request.cfg,
            "width": request.width,
            "height": request.height,
        }
    )


def job_body(job: Job) -> bytes:
    return msgspec.json.encode({"jobid": job.id, "signature": job.signature})
