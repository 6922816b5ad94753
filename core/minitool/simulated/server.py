"""Serves the simulated API on a free loopback port of this process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.minitool.simulated.app import Simulated

_IDLE_S = 60  # longer than the client keeps an idle connection, as a good server does


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and Ctrl-C belong to the program around us."""
        yield


@asynccontextmanager
async def serve_simulated(simulated: Simulated | None = None) -> AsyncIterator[str]:
    """The base address to put where MINITOOLAI_BASE_URL would stand. Open answers are dropped on leaving."""
    upstream = simulated or Simulated()

    class Protocol(H11Protocol):  # so that a fault can drop a connection, which no ASGI message can
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own
            super().connection_made(transport)
            upstream.transports[transport.get_extra_info("peername")] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            upstream.transports.pop(self.transport.get_extra_info("peername"), None)
            super().connection_lost(exc)

    config = uvicorn.Config(
        upstream.asgi(),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=_IDLE_S,
    )
    server = _Server(config)
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="simulated.api")
    try:
        while not server.started and not serving.done():  # noqa: ASYNC110  # uvicorn offers no event
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"
    finally:
        server.should_exit = server.force_exit = True
        for transport in [*upstream.transports.values()]:
            transport.abort()
        await serving
        listener.close()
