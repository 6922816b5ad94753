"""httpx over connections of our own: the same API and errors, a fraction of the work for each piece.

httpx's own pool walks all its connections, squared, whenever one opens or ends, and each small read passes
through a pure Python parser: about 100 µs a chunk with 200 open answers, 350 with 1000 (`bench/chunks.py` shows
the cost of this one). What matters most here is that each error says truly whether the request may have left:
ConnectError, ConnectTimeout and UnsupportedProtocol promise that it has not.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import aiohappyeyeballs
import httpx

from core.minitool.http1 import Channel

# Shorter than servers and proxies usually keep an idle connection: a request sent on one that the other side
# is just closing has an unknown fate.
_IDLE_S = 15.0
_NEXT_ADDRESS_S = 0.25  # after which the next address of a name is tried at the same time (RFC 8305, section 5)

SENT = "sent"  # of a request's extensions: called when it leaves, on a connection that is there
_BODY = "body"  # of a response's extensions: what `body_of` tells
_LOCATION = "location"  # and what `redirect_of` tells
_MOVED = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}
_BREAK = re.compile(rb"[\r\n\0]")

Address: TypeAlias = tuple[Any, ...]  # of the system: family, type, protocol, canonical name, host and port
Resolve = Callable[[str, int], Awaitable[list[Address]]]
MakeSocket = Callable[[Address], socket.socket]


class _Origin(NamedTuple):
    scheme: str
    host: str
    port: int


class Transport(httpx.AsyncBaseTransport):
    """An httpx transport without limits of its own: how much is open at once, and for how long, is up to
    callers; of httpx's time limits only `connect` counts. httpx sees no redirect: it builds the next request
    even where it is not to follow, and breaks over an address that is none.

    `make_socket` sees each address right before it is called and may refuse it by raising OSError.
    """

    def __init__(
        self,
        *,
        resolve: Resolve | None = None,
        make_socket: MakeSocket | None = None,
        keep_idle: bool = True,
    ) -> None:
        self._resolve = resolve or _resolve
        self._make_socket = make_socket
        self._keep_idle = keep_idle
        self._idle: dict[_Origin, dict[Channel, asyncio.TimerHandle]] = {}
        self._open: set[Channel] = set()

    @property
    def reading(self) -> int:
        """How many requests are under way."""
        return len(self._open)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin, data = _origin(request.url), await _message(request)
        channel = self._idle_channel(origin) or await self._connect(
            origin, request.extensions.get("timeout", {}).get("connect")
        )
        self._open.add(channel)
        if SENT in request.extensions:
            request.extensions[SENT]()
        try:
            status = await channel.send(data)
        except BaseException:
            self._release(channel, origin)
            raise
        headers = httpx.Headers(channel.headers)
        location = headers.pop("location", None)
        body = Body(channel, lambda: self._release(channel, origin), is_packed=_is_packed(headers))
        return httpx.Response(
            status, headers=headers, stream=body, extensions={_BODY: body, _LOCATION: location}
        )

    async def aclose(self) -> None:
        self._keep_idle = False  # nor is kept what is still connecting
        channels = [*self._open]
        for idle in self._idle.values():
            for channel, timer in idle.items():
                timer.cancel()
                channels.append(channel)
            idle.clear()
        for channel in channels:  # else their readers would wait for their time limits
            channel.close()
        for channel in channels:
            await channel.wait_closed()

    def _idle_channel(self, origin: _Origin) -> Channel | None:
        idle = self._idle.get(origin)
        while idle:
            channel, timer = idle.popitem()
            timer.cancel()
            if channel.is_free:
                return channel
        return None

    async def _connect(self, origin: _Origin, seconds: float | None) -> Channel:
        """Opens a connection. When this raises, nothing of a request has been sent."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                where = await self._where(origin)
                is_tls = origin.scheme == "https"
                _, channel = await loop.create_connection(
                    Channel,
                    ssl=_tls() if is_tls else None,
                    server_hostname=origin.host if is_tls else None,
                    **where,
                )
        except TimeoutError as error:
            raise httpx.ConnectTimeout(type(error).__name__) from error
        except (OSError, RuntimeError, ValueError) as error:  # the latter for names that cannot be one
            raise httpx.ConnectError(type(error).__name__) from error
        if not channel.is_free:
            raise httpx.ConnectError("disconnected")
        return channel

    async def _where(self, origin: _Origin) -> dict[str, Any]:
        addresses = await self._resolve(origin.host, origin.port)
        if len(addresses) == 1 and self._make_socket is None:  # the loop by itself takes half the time
            host, port, *_ = addresses[0][-1]
            return {"host": host, "port": port}
        sock = await aiohappyeyeballs.start_connection(
            addresses, happy_eyeballs_delay=_NEXT_ADDRESS_S, socket_factory=self._make_socket
        )
        return {"sock": sock}

    def _release(self, channel: Channel, origin: _Origin) -> None:
        """Keeps the connection for the next request, if it may stay: one that was left in the middle of a
        response may not."""
        if channel not in self._open:
            return
        self._open.discard(channel)
        if not self._keep_idle or not channel.may_stay:
            channel.close()
            return
        idle, loop = self._idle.setdefault(origin, {}), asyncio.get_running_loop()

        def leave() -> None:
            del idle[channel]
            channel.close()

        idle[channel] = loop.call_later(_IDLE_S, leave)


class Body(httpx.AsyncByteStream):
    """Closing it before its end closes the connection at once: an open answer costs money.

    One that is packed is not read: we ask for none, and a megabyte may unpack to a thousand, in one piece.
    """

    def __init__(self, channel: Channel, release: Callable[[], None], *, is_packed: bool) -> None:
        self._channel = channel
        self._release = release
        self._is_packed = is_packed

    async def read(self) -> bytes:
        """What came since; b"" at the end."""
        if self._is_packed:
            raise httpx.DecodingError("packed, unasked")
        return await self._channel.read()

    async def gather(self, seconds: float) -> None:
        """Lets pieces come together for this long, or until nothing can follow."""
        await self._channel.gather(seconds)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while data := await self.read():
            yield data

    async def aclose(self) -> None:
        self._release()


def body_of(response: httpx.Response) -> Body:
    """The body as it comes. httpx passes every piece through three generators more, to decode it."""
    body: Body = response.extensions[_BODY]
    return body


def redirect_of(response: httpx.Response) -> str | None:
    """The address that a redirect leads to, as the header has it; None where it is no redirect."""
    location: str | None = response.extensions[_LOCATION]
    return location if response.status_code in _MOVED else None


def _origin(url: httpx.URL) -> _Origin:
    if url.scheme not in _PORTS or not url.host:
        raise httpx.UnsupportedProtocol("no clear http address")
    return _Origin(url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])


async def _message(request: httpx.Request) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [b"%s: %s" % header for header in request.headers.raw]
    if any(_BREAK.search(line) for line in lines):
        raise httpx.LocalProtocolError("a line break in a header")
    return b"\r\n".join([*lines, b"", await request.aread()])


def _is_packed(headers: httpx.Headers) -> bool:
    named = headers.get_list("content-encoding", split_commas=True)
    return not {coding.lower() for coding in named} <= {"", "identity"}


async def _resolve(host: str, port: int) -> list[Address]:
    return [*await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@lru_cache
def _tls() -> ssl.SSLContext:
    """Made on first use: reading the certificates takes 20 ms that a plain http start need not wait for."""
    return httpx.create_ssl_context()
