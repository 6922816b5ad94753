"""One HTTP/1.1 connection: a request leaves, its response comes in piece by piece, then the next may follow.

llhttp reads the bytes. What is here is who waits for what, and what an end of the connection means.
"""

import asyncio
from typing import cast

import httptools
import httpx

# A head, a trailer or a chunk's extension that is longer is none: the parser would keep all of it.
_MOST_OUTSIDE_BODY = 64 * 1024
# Of a body; our readers read on at once, and nothing as long as that. Reading is not paused instead:
# where the other side hangs up without TLS's goodbye, uvloop forgets what it holds back, and tells no error.
_MOST_UNREAD = 32 * 1024 * 1024
_FINAL = 200  # the first status that is no word in between
_REFUSAL = 400  # from here on it may come before all was sent: a next request would wait behind the rest
_PARSER_ERRORS = (httptools.HttpParserError, httptools.HttpParserUpgrade)


class Channel(asyncio.Protocol):
    """Between `send` and the body's end one response is read, by one reader. Errors are httpx's, and are
    raised behind whatever came before them."""

    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._unread = 0
        self._outside_body = 0
        self._status = 0
        self._is_whole = True  # nothing was asked yet
        self._stays_open = False
        self._error: httpx.TransportError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._waits_for_end = False
        self._lost = self._loop.create_future()

    @property
    def is_free(self) -> bool:
        """Whether a request may be sent."""
        return self._is_whole and not self._transport.is_closing()

    @property
    def may_stay(self) -> bool:
        """Whether it is of use for a further one: all was read, and the other side keeps it open."""
        return self._stays_open and self.is_free and not self._pieces

    async def send(self, request: bytes) -> int:
        """The status of the response, once its `headers` are there."""
        self._status, self._outside_body, self._is_whole, self._stays_open = 0, 0, False, False
        self._transport.write(request)
        while not self._status:
            await self._news()
        return self._status

    async def read(self) -> bytes:
        """What came of the body since, joined; b"" at its end."""
        while not self._pieces:
            if self._is_whole:
                return b""
            await self._news()
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._unread = 0
        return data

    async def gather(self, seconds: float) -> None:
        """Lets pieces of the body come together for this long, or until nothing can follow."""
        if self._is_whole or self._error:
            return
        timer = self._loop.call_later(seconds, self._wake)
        self._waits_for_end = True
        try:
            await self._news()
        finally:
            timer.cancel()
            self._waits_for_end = False

    def close(self) -> None:
        """At once, whatever is under way."""
        self._break(httpx.ReadError("closed"))

    async def wait_closed(self) -> None:
        await asyncio.wait([self._lost])

    async def _news(self) -> None:
        if self._error:  # made anew: one that was raised holds the request, which this would keep in memory
            raise type(self._error)(*self._error.args)
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _break(self, error: httpx.TransportError) -> None:
        self._error = self._error or error
        self._transport.abort()
        self._wake()

    # Called by the loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._is_whole:  # nobody asked for this: what answers the next request would not be certain
            self._transport.abort()
            return
        before = self._unread
        try:
            self._parser.feed_data(data)
        except _PARSER_ERRORS as error:
            if not self._is_whole:
                self._break(httpx.RemoteProtocolError(type(error).__name__))
                return
            self._stays_open = False
        if self._unread == before:
            self._outside_body += len(data)
            if self._outside_body > _MOST_OUTSIDE_BODY and not self._is_whole:
                self._break(httpx.RemoteProtocolError("endless head"))  # not for people: the log
        else:
            self._outside_body = 0
            if self._unread > _MOST_UNREAD:
                self._break(httpx.RemoteProtocolError("unread"))
        if self._is_whole or not self._waits_for_end:
            self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            self._error = self._error or httpx.ReadError(type(error).__name__)
        elif self._status and not self._error and self._ends_with_connection():
            self._is_whole = True
        else:
            self._error = self._error or httpx.RemoteProtocolError("disconnected")
        self._wake()
        self._lost.set_result(None)
        del self._parser  # they hold each other

    def _ends_with_connection(self) -> bool:
        return not any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in self.headers)

    # Called by the parser

    def on_message_begin(self) -> None:
        if self._is_whole:  # behind the end
            self._stays_open = False
        elif not self._status:
            self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._status:  # else of a trailer
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if not self._status and status >= _FINAL:
            self._status = status

    def on_body(self, piece: bytes) -> None:
        if not self._is_whole:
            self._pieces.append(piece)
            self._unread += len(piece)

    def on_message_complete(self) -> None:
        if self._status and not self._is_whole:
            self._is_whole = True
            self._stays_open = self._status < _REFUSAL and self._parser.should_keep_alive()
