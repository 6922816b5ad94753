"""What is made to go wrong: by a test, over the control endpoint, or by a question that begins `fault:KIND`.

Kinds of a chat answer
    400 401 402 403 404 408 413 429 500 502 503 504   that status with a JSON error; 429:7 adds `Retry-After: 7`
    html, empty            a page, or nothing, in place of the answer (html:502 with that status)
    drop                   the connection is closed before a single byte
    stall-first, stall     silence before the first, or after some, pieces
    cut, quiet-end         the connection is dropped midway, or the stream ends properly but without an end mark
    garbage                lines in between that are no JSON
    linger                 the text ends, and then nothing but signs of life comes, for ever
    error                  an error object midway (error:rate_limit_exceeded gives it that code)
    no-usage, no-done, no-finish, plain, odd   liberties that are no failure: a part left out, one JSON object,
                           or a stream with a byte order mark, comments, CRLF and no space after `data:`

Kinds of an image order
    any status, html, empty, drop   as above, for the order itself (by prompt) or any call (by switch)
    slow, never            the picture takes ten times as long, or forever
    fail, error-once       the job says error always, or once
    gone, text, half, huge, redirect   what lies at the picture's address: 404, a text, the first half of a
                           picture, 5 GB, a redirect inwards
"""

import re
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

Call: TypeAlias = Literal["chat", "submit", "poll", "picture"]
CALLS: tuple[Call, ...] = ("chat", "submit", "poll", "picture")

_WORD = re.compile(r"\s*fault:([a-z0-9-]{2,20})(?::([A-Za-z0-9_-]{1,40}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong. `detail` is what stands after the second colon."""

    kind: str
    detail: str = ""

    @property
    def status(self) -> int | None:
        return int(self.kind) if re.fullmatch(r"[45]\d\d", self.kind) else None


class Faults:
    """Faults that wait for the next calls, in order; those in a prompt come on top."""

    def __init__(self) -> None:
        self._waiting: defaultdict[Call, deque[Fault]] = defaultdict(deque)

    def add(self, call: Call, kind: str, detail: str = "", times: int = 1) -> None:
        self._waiting[call].extend([Fault(kind, detail)] * times)

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, call: Call, prompt: str = "") -> Fault | None:
        """The fault of this call, if it is to have one."""
        if self._waiting[call]:
            return self._waiting[call].popleft()
        return parse_fault(prompt)


def parse_fault(prompt: str) -> Fault | None:
    """The fault that a question or a prompt asks for by its first word."""
    match = _WORD.match(prompt)
    return Fault(match[1].lower(), match[2] or "") if match else None
