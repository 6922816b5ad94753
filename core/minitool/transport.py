"""httpx over aiohttp's sockets: the same API and errors, a fraction of the work for each piece of an answer.

httpx's own pool walks all its connections, squared, whenever one opens or ends, and each small read passes
through a pure Python parser: about 100 µs a chunk with 200 open answers, 350 with 1000. aiohttp reads with a
C parser and keeps no such list (`bench/chunks.py` shows the cost). What matters most here is that each error
says truly whether the request may have left: unknown ones count as "may have".
"""

import asyncio
import io
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Callable
from functools import lru_cache
from socket import socket
from types import SimpleNamespace
from typing import Any

import aiohttp
import httpx
import yarl
from aiohttp.abc import AbstractResolver
from aiohttp.http import HttpProcessingError

# Shorter than servers and proxies usually keep an idle connection: a request sent on one that the other side
# is just closing has an unknown fate.
_IDLE_S = 15.0

SENT = "sent"  # of a request's extensions: called when it leaves, on a connection that is there
_BODY = "body"  # of a response's extensions: what `body_of` and `gather` work on
_LOCATION = "location"  # and what `redirect_of` tells
_MOVED = (301, 302, 303, 307, 308)
_FAILURES = (aiohttp.ClientError, HttpProcessingError, TimeoutError, OSError, ValueError)

MakeSocket = Callable[
    [Any], socket
]  # gets the address that is about to be called; aiohttp's own type is a tuple


class Transport(httpx.AsyncBaseTransport):
    """Without a limit of its own: how much is open at once is for callers to decide. httpx sees no redirect: it
    builds the next request even where it is not to follow, and breaks over an address that is none.

    `make_socket` sees each address right before it is called and may refuse it by raising OSError.
    """

    def __init__(
        self,
        *,
        resolver: AbstractResolver | None = None,
        make_socket: MakeSocket | None = None,
        keep_idle: bool = True,
    ) -> None:
        self._resolver = resolver
        self._make_socket = make_socket
        self._keep_idle = keep_idle
        self._session: aiohttp.ClientSession | None = None
        self._open: set[aiohttp.ClientResponse] = set()

    @property
    def reading(self) -> int:
        """How many responses are open."""
        return len(self._open)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = _same_url(request.url)
        limits = request.extensions.get("timeout", {})
        try:
            response = await self._get_session().request(
                request.method,
                url,
                data=io.BytesIO(content) if (content := await request.aread()) else None,
                headers=request.headers.multi_items(),
                allow_redirects=False,
                trace_request_ctx=request.extensions.get(SENT),
                ssl=_tls() if request.url.scheme == "https" else True,
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=limits.get("connect"), sock_read=limits.get("read")
                ),
            )
        except _FAILURES as error:
            raise as_httpx(error) from error
        body = _Body(response, self._open)
        return httpx.Response(
            response.status,
            headers=[header for header in response.raw_headers if header[0].lower() != b"location"],
            stream=body,
            extensions={
                _BODY: body,
                _LOCATION: response.headers.get("location"),
                "http_version": b"HTTP/1.1",
                "reason_phrase": (response.reason or "").encode("latin-1", "replace"),
            },
        )

    async def aclose(self) -> None:
        for response in [*self._open]:  # or their readers would wait for their time limits
            response.close()
        if self._session is not None:
            await self._session.close()

    def _get_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,
                    keepalive_timeout=_IDLE_S if self._keep_idle else None,
                    force_close=not self._keep_idle,
                    use_dns_cache=self._keep_idle,
                    resolver=self._resolver,
                    socket_factory=self._make_socket,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[_tracing()],
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                auto_decompress=False,  # `_Body` refuses what is packed
            )
        return self._session


def _tracing() -> aiohttp.TraceConfig:
    async def leaves(_: object, context: SimpleNamespace, __: object) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx()

    tracing = aiohttp.TraceConfig()
    tracing.on_request_headers_sent.append(leaves)
    return tracing


def body_of(response: httpx.Response) -> AsyncIterable[bytes]:
    """The body as it comes. httpx passes every piece through three generators more, to decode it."""
    body: AsyncIterable[bytes] = response.extensions[_BODY]
    return body


def redirect_of(response: httpx.Response) -> str | None:
    """The address that a redirect leads to, as it was said; None where it is no redirect."""
    location: str | None = response.extensions[_LOCATION]
    return location if response.status_code in _MOVED else None


async def gather(response: httpx.Response, seconds: float) -> None:
    """Lets pieces of the body come together for this long, or until it is whole."""
    body: _Body = response.extensions[_BODY]
    await body.gather(seconds)


def _same_url(url: httpx.URL) -> yarl.URL:
    """Raises UnsupportedProtocol where the two parsers do not agree on whom to call."""
    try:
        other = yarl.URL(str(url), encoded=True)
        is_same = (url.scheme, url.host, url.port or other.port) == (other.scheme, other.host, other.port)
    except ValueError:
        is_same = False
    if not is_same or url.scheme not in ("http", "https"):
        raise httpx.UnsupportedProtocol("no clear http address")
    return other


@lru_cache
def _tls() -> ssl.SSLContext:
    """Made on first use: reading the certificates takes 20 ms that a plain http start need not wait for."""
    return httpx.create_ssl_context()


class _Body(httpx.AsyncByteStream):
    """Closing it before its end closes the connection at once: an open answer costs money.

    One that is packed is not read: we ask for none, and a megabyte may unpack to a thousand, in one piece.
    """

    def __init__(self, response: aiohttp.ClientResponse, open_ones: set[aiohttp.ClientResponse]) -> None:
        self._response = response
        self._open_ones = open_ones
        self._gathered: asyncio.Future[None] | None = None
        open_ones.add(response)
        response.content.on_eof(self._wake)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._is_packed:
            raise httpx.DecodingError("packed, unasked")
        try:
            async for data in self._response.content.iter_any():
                yield data
        except _FAILURES as error:
            if rest := self._unread():
                yield rest
            raise as_httpx(error) from error

    @property
    def _is_packed(self) -> bool:
        named = ",".join(self._response.headers.getall("content-encoding", ()))
        return not {coding.strip().lower() for coding in named.split(",")} <= {"", "identity"}

    def _unread(self) -> bytes:
        """What came before a break while pieces gathered: aiohttp gives it out only once the error is gone."""
        content = self._response.content
        content.set_exception(None)  # type: ignore[arg-type]  # its type does not say that None takes it back
        return content.read_nowait()

    async def aclose(self) -> None:
        self._open_ones.discard(self._response)
        self._response.close()

    async def gather(self, seconds: float) -> None:
        """A break is noticed only afterwards."""
        if self._response.content.is_eof():
            return
        loop = asyncio.get_running_loop()
        self._gathered = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._gathered
        finally:
            timer.cancel()

    def _wake(self) -> None:
        if self._gathered is not None and not self._gathered.done():
            self._gathered.set_result(None)


def as_httpx(error: Exception) -> httpx.TransportError:
    """aiohttp's errors in httpx's words. ConnectError and ConnectTimeout promise that nothing was sent."""
    name = type(error).__name__
    match error:
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout(name)
        case (
            aiohttp.ClientConnectorError()
            | aiohttp.ClientProxyConnectionError()
            | ssl.SSLCertVerificationError()
        ):
            return httpx.ConnectError(name)
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return httpx.UnsupportedProtocol(name)
        case TimeoutError():  # SocketTimeoutError is one
            return httpx.ReadTimeout(name)
        case (
            aiohttp.ServerDisconnectedError()
            | aiohttp.ClientPayloadError()
            | aiohttp.ClientResponseError()
            | HttpProcessingError()
        ):
            return httpx.RemoteProtocolError(name)
        case aiohttp.ClientConnectionResetError():
            return httpx.WriteError(name)
        case ValueError():
            return httpx.LocalProtocolError(name)
        case _:
            return httpx.ReadError(name)
