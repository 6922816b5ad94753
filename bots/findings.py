"""The findings of `doctor`: each part of the bot examines itself and yields Findings, whose words are in word
files.

Also how an API is asked: one call, its response whatever the status, and how far its clock is from ours.
"""

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Literal, TypeAlias, get_args

import aiohttp

from bots.lenient_json import read_json

Level: TypeAlias = Literal["ok", "warn", "fail", "skip"]
_TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was found and, where something is wrong, what to do. `part` and `key` are word keys;
    `data` fills their variables and holds no secret; `names` are further word keys, listed in the variable
    `names`."""

    level: Level
    part: str  # doctor-part-PART
    key: str  # doctor-KEY
    data: Mapping[str, str | int | float] = field(default_factory=dict)
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skew:
    """By how many seconds our clock is ahead of a part's."""

    part: str
    seconds: float


Findings: TypeAlias = AsyncIterator[Finding | Skew]


def _finding(level: Level, part: str, key: str, **data: str | int | float) -> Finding:
    return Finding(level, part, key, data)


ok, warn, fail, skip = (partial(_finding, level) for level in get_args(Level))


@dataclass(frozen=True, slots=True)
class Response:
    """A response of an API. `status` is 0 where there was none; then `problem` is the kind of failure."""

    status: int
    body: Any = None  # JSON, whatever was sent; None where it was none
    skew_s: float | None = None
    took_s: float = 0.0
    problem: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether it is a success with a JSON object or list."""
        return 200 <= self.status < 300 and isinstance(self.body, dict | list)


@dataclass(frozen=True, slots=True, repr=False)  # its fields hold the token
class Api:
    """A platform's API, asked with the bot's token. Paths are appended to `base`."""

    session: aiohttp.ClientSession
    part: str
    who: str
    base: str
    headers: Mapping[str, str] | None = None

    async def ask(self, path: str) -> Response:
        return await ask(self.session, self.base + path, self.headers)

    def declined(self, response: Response) -> Finding:
        return declined(self.part, self.who, f"{self.part.upper()}_API_BASE", response)


def declined(part: str, who: str, setting: str, response: Response) -> Finding:
    """The finding for a response that is not ok. A web page, or 404: some other server has answered."""
    if response.status < 400 or response.status == 404:
        problem = response.problem or f"HTTP {response.status}"
        return fail(part, "unreachable", who=who, setting=setting, problem=problem)
    return fail(part, "refused", who=who, status=response.status)


async def ask(session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None) -> Response:
    """One GET. Raises nothing; no error's text is kept, which may hold the address and so a token."""
    begun_at, begun = time.time(), time.perf_counter()
    limit = aiohttp.ClientTimeout(total=_TIMEOUT_S)
    try:
        async with session.get(url, headers=headers, timeout=limit, allow_redirects=False) as response:
            date, status = response.headers.get("Date", ""), response.status
            data = await response.read()
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return Response(0, problem=type(error).__name__)
    took_s = time.perf_counter() - begun
    return Response(status, _find_json(data), _skew(date, begun_at + took_s / 2), took_s)


def _find_json(data: bytes) -> Any:  # as in Response
    try:
        return read_json(data)
    except ValueError:
        return None


def _skew(date: str, ours: float) -> float | None:
    """The skew by an HTTP date, which is cut to the second; None where that cannot be read."""
    try:
        theirs = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return ours - (theirs.replace(tzinfo=theirs.tzinfo or UTC).timestamp() + 0.5)
