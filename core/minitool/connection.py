"""One connection to the model's side: address, key, time limits, and when to try again.

Nothing is sent a second time unless the first sending cannot have been billed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache

import httpx
import structlog

from core import metrics
from core.errors import Unreachable, UpstreamError
from core.minitool import failures
from core.minitool.transport import SENT
from core.minitool.wire import Fate
from core.settings import Settings

log = structlog.get_logger(__name__)

_RETRIES = 2
_FIRST_WAIT_S = 0.5  # doubled each time, and taken at random between half and whole
_LONGEST_WAIT_S = 20.0  # a person waits; what asks for longer is told to them instead
_HEADERS = {
    "Content-Type": "application/json",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "User-Agent": "minitool-bots",
}
_MOST_BYTES = 64 * 1024  # of an error object, or of the status of a job


@dataclass(kw_only=True)
class Connection:
    """Posts JSON and hands out the open response. `chance` yields numbers from 0 to 1, for the jitter.

    Without httpx's client: nothing of what it adds is wanted here (redirects, cookies, logins), and it takes
    as long as all the rest of a request.
    """

    transport: httpx.AsyncBaseTransport
    settings: Settings
    clock: Callable[[], float]
    chance: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    open_answers: int = 0

    @asynccontextmanager
    async def post(
        self, path: str, body: bytes, *, signed: bool = True, again_on: Collection[int] = failures.NOT_TAKEN,
        fate: Fate | None = None,
    ) -> AsyncIterator[httpx.Response]:  # fmt: skip
        """An open response of status 200, closed on leaving. `signed` sends the key along. `fate` is kept
        current, so that a cancelled caller can still read it.

        A request that was never sent is repeated, one that got a status of `again_on` as well; anything
        else is raised as the UpstreamError it is. One raised because the fate of the request is unknown
        carries the httpx error as its `__cause__`.
        """
        fate = fate or Fate()
        for attempt in range(_RETRIES + 1):
            try:
                response = await self._send(path, body, fate, signed=signed)
            except httpx.HTTPError as error:
                if attempt == _RETRIES or not isinstance(error, failures.NEVER_SENT):
                    raise failures.from_httpx(error) from error
                await self._wait(path, attempt, None, type(error).__name__)
                continue
            try:
                if response.is_success:
                    yield response
                    return
                fate.may_cost = False
                wanted = failures.parse_retry_after(response.headers, self.clock())
                if (
                    attempt == _RETRIES
                    or response.status_code not in again_on
                    or (wanted or 0) > _LONGEST_WAIT_S
                ):
                    raise await self._failure(response)
            finally:
                await response.aclose()
            await self._wait(path, attempt, wanted, f"HTTP {response.status_code}")

    async def post_and_read(self, path: str, body: bytes, *, signed: bool = True) -> bytes:
        """As `post`, and the whole body of the response. Raises Unreachable where that is too long, too slow or
        breaks off."""
        answer = bytearray()
        async with self.post(path, body, signed=signed) as response:
            try:
                async with asyncio.timeout(self.settings.first_byte_timeout_s):
                    async for part in response.aiter_bytes():
                        answer += part
                        if len(answer) > _MOST_BYTES:
                            raise Unreachable("upstream", cause=f"an answer of more than {_MOST_BYTES} bytes")
            except TimeoutError as error:
                raise Unreachable(cause="no whole answer in time") from error
            except httpx.HTTPError as error:
                raise failures.from_httpx(error) from error
        return bytes(answer)

    async def _send(self, path: str, body: bytes, fate: Fate, *, signed: bool) -> httpx.Response:
        headers = dict(_HEADERS)
        if signed and (key := self.settings.minitoolai_api_key.get_secret_value()):
            headers["Authorization"] = f"Bearer {key}"
        patience = asyncio.timeout(None)  # connecting has its own limit

        def leaves() -> None:
            fate.may_cost = True
            patience.reschedule(asyncio.get_running_loop().time() + self.settings.first_byte_timeout_s)

        extensions = {"timeout": {"connect": self.settings.connect_timeout_s}, SENT: leaves}
        request = httpx.Request(
            "POST",
            _url(f"{self.settings.minitoolai_base_url}/{path}"),
            content=body,
            headers=headers,
            extensions=extensions,
        )
        try:
            async with patience:
                return await self.transport.handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("no answer in time") from error

    async def _failure(self, response: httpx.Response) -> UpstreamError:
        """The error of a status that is not a success; its body is read only as far as it may matter."""
        body = b""
        try:
            async with asyncio.timeout(self.settings.chunk_timeout_s):
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > _MOST_BYTES:
                        break
        except (httpx.HTTPError, TimeoutError):
            log.info("minitool.error_body_lost", status=response.status_code)
        return failures.from_status(response.status_code, response.headers, body, self.clock())

    async def _wait(self, path: str, attempt: int, wanted: float | None, cause: str) -> None:
        seconds = _FIRST_WAIT_S * 2**attempt * (0.5 + self.chance() / 2)
        if wanted is not None:
            seconds = wanted + seconds * self.chance() / 2  # never earlier than asked, and not all at once
        metrics.UPSTREAM_RETRIES.inc()
        log.info("minitool.again", path=path, attempt=attempt + 1, seconds=round(seconds, 2), cause=cause)
        await self.sleep(seconds)


@lru_cache
def _url(address: str) -> httpx.URL:
    return httpx.URL(address)
