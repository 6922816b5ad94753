"""The client of the model's side: chat, image orders, made pictures. Raises UpstreamError and nothing else."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from core.minitool import chat, images
from core.minitool.connection import Connection
from core.minitool.fetch import Pictures, public_socket
from core.minitool.transport import Resolve, Transport
from core.minitool.wire import ChatRequest, Event, Fate, ImageRequest, Job
from core.settings import Settings


class MiniTool:
    """Opened by `open_minitool`; any number of calls at once."""

    def __init__(self, connection: Connection, pictures: Pictures, transport: Transport) -> None:
        self._connection, self._pictures, self._transport = connection, pictures, transport

    @property
    def reading(self) -> int:
        """How many requests to the model's side are under way."""
        return self._transport.reading

    def chat(
        self, request: ChatRequest, fate: Fate | None = None
    ) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """One answer, streamed: Text as it comes, then End and, where the other side counts, Usage.
        `fate.may_cost` is current at any moment; only a NoAnswer event overrides it.

        Leaving the context ends the answer upstream at once. Raises StreamCut where text came and no end.
        """
        return chat.answer(self._connection, request, fate or Fate())

    async def submit(self, request: ImageRequest) -> Job:
        """An accepted order. Raises JobUnknown where it may have been accepted; it is never sent twice."""
        return await images.submit(self._connection, request)

    async def poll(self, job: Job) -> str | None:
        """The address of the finished picture, None while it is being made.

        Raises JobFailed where two polls in a row, seconds apart, found it failed: that is final.
        """
        return await images.poll(self._connection, job)

    async def fetch(self, url: str) -> bytes:
        """A made picture, from its address as the other side gave it: see `Pictures.fetch`."""
        return await self._pictures.fetch(url)


@asynccontextmanager
async def open_minitool(
    settings: Settings,
    *,
    clock: Callable[[], float] = time.time,
    chance: Callable[[], float] = random.random,
    resolve: Resolve | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[MiniTool]:
    """`resolve` finds the addresses of hosts that pictures lie on; None asks the system."""
    client = partial(
        httpx.AsyncClient,
        timeout=httpx.Timeout(None, connect=settings.connect_timeout_s),
        # All people would share one jar: it takes no cookies.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )
    async with AsyncExitStack() as stack:
        transport = await stack.enter_async_context(Transport())
        # Each picture on a connection of its own: one just used may be closing, and each further try would
        # follow a poll on it again.
        own = await stack.enter_async_context(client(transport=Transport(keep_idle=False)))
        lone = Transport(resolve=resolve, make_socket=public_socket, keep_idle=False)
        public = await stack.enter_async_context(client(transport=lone))
        connection = Connection(transport=transport, settings=settings, clock=clock, chance=chance, sleep=sleep)
        pictures = Pictures(public, own, origin=httpx.URL(f"{settings.minitoolai_base_url}/"))
        yield MiniTool(connection, pictures, transport)
