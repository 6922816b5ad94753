"""REST calls for answers. One call is one try: nothing here repeats, or waits but for the account's limit.

discord.py's own client holds a call that used a bucket's last token until the bucket resets, sleeps
through every 429 and repeats an acknowledgement past its 3 seconds. An answer is a state: a call that
cannot be made now must say so, because by then there is a newer state to show. So discord.py speaks
to the gateway, and this module to the API.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import aiohttp
import msgspec
import structlog

from bots.lenient_json import read_json
from core import metrics
from core.errors import DeliveryError, SlowDown
from core.pace import PacedLane

log = structlog.get_logger(__name__)

_TIMEOUT_S, _UPLOAD_S = 30.0, 60.0
# Documented, for all processes of an account together; interactions' own calls do not count.
ACCOUNT_CALLS, ACCOUNT_SECONDS = 50, 1.0
BANNED_RETRY_S = 30.0  # a 429 from in front of the API, without a word about when to come back


class Code:
    """Error codes that something depends on (Discord's "Opcodes and Status Codes")."""

    UNKNOWN_MESSAGE = 10008
    UNKNOWN_WEBHOOK = 10015
    UNKNOWN_INTERACTION = 10062
    TOO_LARGE = 40005
    ALREADY_ACKNOWLEDGED = 40060
    MISSING_ACCESS = 50001
    MISSING_PERMISSIONS = 50013
    TOKEN_EXPIRED = 50027
    INVALID_FORM = 50035
    EXPLICIT = 20009  # a picture that Discord's own filter takes for explicit
    THREAD_ARCHIVED = 50083
    CANNOT_REPLY = 160002  # without Read Message History
    THREAD_LOCKED = 160005
    AUTOMOD = 200000
    HARMFUL_LINKS = 240000
    NO_UPLOADS = 400001  # for this whole server


class Declined(DeliveryError):
    """Discord refused this very call; repeating it as it is would be useless."""

    def __init__(self, status: int, code: int) -> None:
        self.status = status
        self.code = code
        super().__init__(cause=f"{status} {code}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: its name, bytes, media type and alt text."""

    name: str
    data: bytes
    media_type: str
    alt: str = ""


class Rest:
    """Discord's REST API for one bot token. `calls` a second are this process's.

    Pace decides who may call; here the account's limit is kept to the letter, however long single
    calls are on their way: each counts from before it is sent until a second after its answer.
    """

    def __init__(
        self, base: str, token: str, session: aiohttp.ClientSession, calls: int = ACCOUNT_CALLS
    ) -> None:
        self.base = base
        self.calls = calls
        self.session = session
        self._headers = {"User-Agent": f"DiscordBot (minitool-bots, {version('minitool-bots')})"}
        self._authorization = {"Authorization": f"Bot {token}"}
        self._room = asyncio.Semaphore(calls)

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        files: Sequence[Upload] = (),
        lane: PacedLane | None = None,
    ) -> Any:  # JSON as Discord sends it
        """Makes one call; `lane` learns from the headers of its reply. Raises SlowDown (429), Declined (other
        4xx), DeliveryError (no answer, 5xx)."""
        # An interaction's token in the path is its credential; the bot's own is not needed there.
        is_webhook = path.startswith(("/webhooks/", "/interactions/"))
        headers = self._headers if is_webhook else self._headers | self._authorization
        data: aiohttp.FormData | bytes | None = None
        if files:
            data = _form(body, files)
        elif body is not None:
            data, headers = msgspec.json.encode(body), headers | {"Content-Type": "application/json"}
        try:
            async with (
                nullcontext() if is_webhook else self.counted(),
                self.session.request(
                    method,
                    self.base + path,
                    data=data,
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S + (_UPLOAD_S if files else 0.0)),
                ) as response,
            ):
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryError(cause=type(error).__name__) from None  # its text may hold the address
        if lane is not None and (left := response.headers.get("X-RateLimit-Remaining")):
            with suppress(ValueError):  # what is no number teaches nothing
                lane.learn(int(left), float(response.headers.get("X-RateLimit-Reset-After", "0")))
        if response.status >= 300:
            raise _error(response, content)
        return _decoded(response, content)

    @asynccontextmanager
    async def counted(self) -> AsyncIterator[None]:
        """Waits for room for one call within the account's limit; also for calls that discord.py makes."""
        await self._room.acquire()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(ACCOUNT_SECONDS, self._room.release)


def _form(body: object, files: Sequence[Upload]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Discord does not read quoted brackets
    form.add_field("payload_json", msgspec.json.encode(body).decode(), content_type="application/json")
    for number, file in enumerate(files):
        form.add_field(f"files[{number}]", file.data, filename=file.name, content_type=file.media_type)
    return form


def _decoded(response: aiohttp.ClientResponse, content: bytes) -> Any:
    try:
        return read_json(content) if content else None
    except ValueError:  # a page of something that stands between us and Discord
        raise DeliveryError(cause=f"{response.status} without JSON") from None


def _error(response: aiohttp.ClientResponse, content: bytes) -> DeliveryError:
    try:
        data = read_json(content)
    except ValueError:
        data = None
    body: dict[str, Any] = data if isinstance(data, dict) else {}
    if response.status == 429:
        metrics.SLOWDOWNS.labels("discord").inc()
        wait = body.get("retry_after", response.headers.get("Retry-After"))
        everywhere = bool(body.get("global")) or not body
        return SlowDown(_number(wait) or BANNED_RETRY_S, everywhere=everywhere, cause="429")
    if response.status >= 500:
        return DeliveryError(cause=str(response.status))
    if response.content_type == "text/html" and response.status != 413:  # of sizes others may judge, too
        return DeliveryError(cause=f"{response.status} without JSON")
    code = int(_number(body.get("code")))
    if code == Code.INVALID_FORM:
        fields = body.get("errors")
        log.error("discord.invalid_form", fields=sorted(fields) if isinstance(fields, dict) else [])
    return Declined(response.status, code)


def _number(value: Any) -> float:
    """`value` as a number; 0 where it is none, as in what a proxy sends in Discord's place."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0
