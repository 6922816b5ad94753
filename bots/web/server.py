"""Serves the web page until told to stop."""

import asyncio
import contextlib
import errno
import os
import resource
import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from bots.logs import loud
from bots.web.app import Health, create_app
from bots.web.site import Site
from core.app import Core
from core.errors import CannotStart, StoreError
from core.opening import without_store

_CLOSE_S = 2  # for the last bytes of streams that were ended
_REQUEST_S = 10.0  # for all of a request but its body
_MOST_FILES = 65_536  # each connection is one


class _Connection(H11Protocol):
    """Closes connections on which no request comes soon, at the beginning and after each response: silent ones
    would use up all connections."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._expect_request()

    def data_received(self, data: bytes) -> None:
        answered = self.cycle
        super().data_received(data)
        has_begun = answered is not None and answered.response_complete and self.cycle is answered
        if has_begun and self._expected_after is not answered:
            self._expect_request()

    def _expect_request(self) -> None:
        self._expected_after = self.cycle
        self.loop.call_later(_REQUEST_S, self._look, self.cycle)

    def _look(self, before: RequestResponseCycle | None) -> None:
        if self.cycle is before:  # no request has come since
            self.transport.close()


class _Server(uvicorn.Server):
    """Signals belong to the whole process, not to one of its parts."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run_web(
    core: Core, stop: asyncio.Event, routes: Sequence[BaseRoute], health: Health, *, has_chat_page: bool
) -> None:
    """The page, until `stop`: answers under way end within the grace time, then every page is let go.
    Raises CannotStart where the address cannot be served on, or the store does not give what pages need."""
    allow_files()
    settings = core.settings
    if has_chat_page or settings.operator_password:
        try:
            await core.transcript.secret()  # first here: what breaks in the server's own start is a traceback
        except StoreError as error:
            raise without_store(settings, error) from error
    site = Site(core) if has_chat_page else None
    app = create_app(core, health, site=site, extra_routes=routes)
    async with serving(app, settings.web_host, settings.web_port) as port:
        host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
        loud.info("web.serving", address=f"http://{host}:{port}/")
        await stop.wait()
        if site is not None:
            await site.leave(settings.shutdown_grace_s)


@contextlib.asynccontextmanager
async def serving(app: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Serves while open; the port it serves on, which with port 0 the system chooses. Raises CannotStart."""
    listener = _listen(host, port)
    config = uvicorn.Config(
        app, http=_Connection, ws="none", lifespan="on",
        log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=_CLOSE_S,
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="web.server")
    ready = asyncio.create_task(server.is_ready.wait())
    try:
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            raise RuntimeError("the web server ended while it started") from task.exception()
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        ready.cancel()
        await asyncio.wait([task, ready])
        listener.close()


def allow_files() -> None:
    """As many open files as this process may allow itself: usual is 1,024, which a thousand visitors use up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):  # a system may allow less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        if (error.errno or 0) < 0 or error.errno == errno.EADDRNOTAVAIL:  # below 0: getaddrinfo's own numbers
            raise CannotStart("WEB_HOST: is no name or address of this machine", 2) from None
        raise CannotStart(
            f"WEB_PORT: cannot listen on {host}:{port} ({os.strerror(error.errno or 0)})"
        ) from error
