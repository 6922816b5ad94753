"""Processes that do one thing each and are killed at their n-th step, for every n.

Run by test_killed_processes.

Arguments: REDIS_URL, MINITOOLAI_BASE_URL, command. A step is the moment after a reply of the store, an
answer of the API (or a piece of one), or a show: whatever the process waits for. Prints how many died.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from itertools import count
from typing import Any

import structlog
from redis.asyncio import Redis

from core import pixels
from core.app import Core
from core.minitool import transport
from core.opening import open_core
from core.settings import Settings
from core.turn import Person, Turn
from tests.core.usecases.stored_chat import StoredChatReply

AT_ONCE = 16
TEXTS = {"ask": "Why is the sky blue?", "imagine": "a fox"}


class KilledAtStep:
    """Counts the steps of this process, and ends it at one of them."""

    def __init__(self, last: int) -> None:
        self._last, self._steps = last, 0

    def step(self) -> None:
        self._steps += 1
        if self._steps == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        async def call(*args: Any, **options: Any) -> Any:
            try:
                return await real(*args, **options)
            finally:
                self.step()

        return call

    def watch(self, core: Core) -> None:
        """The store's client, the sockets to the API, and every show."""
        redis = core.store.redis
        redis.execute_command = self.counted(redis.execute_command)
        pipeline = redis.pipeline

        def counted_pipeline(*args: Any, **options: Any) -> Any:
            made = pipeline(*args, **options)
            made.execute = self.counted(made.execute)
            return made

        redis.pipeline = counted_pipeline
        StoredChatReply.show = self.counted(StoredChatReply.show)  # type: ignore[method-assign]
        transport.Transport.handle_async_request = self.counted(  # type: ignore[method-assign]
            transport.Transport.handle_async_request
        )
        transport.Body.read = self.counted(transport.Body.read)  # type: ignore[method-assign]


async def live(url: str, api: str, command: str, last: int) -> None:
    """One person's turn, up to its step `last`."""
    settings = Settings(_env_file=None, redis_url=url, minitoolai_api_key="key", minitoolai_base_url=api)  # type: ignore[arg-type]
    chat = Redis.from_url(url)
    async with open_core(settings) as core:
        KilledAtStep(last).watch(core)
        turn = Turn(
            id=f"test:{last}:1",
            command=command,
            person=Person(f"test:{last}", "Ann"),
            chat=f"test:chat:{last}",
            room=f"test:{last}",
            text=f"{TEXTS[command]} {last}",
            args={"size": "small"} if command == "imagine" else {},
        )
        await core.run(turn, StoredChatReply(chat, str(last)))
    await chat.aclose()


def fork(url: str, api: str, command: str, last: int) -> int:
    """The child's process id."""
    if child := os.fork():
        return child
    pixels._TWO_AT_A_TIME = ThreadPoolExecutor(2)  # threads are not forked
    try:
        asyncio.run(live(url, api, command, last))
    finally:
        os._exit(0)


def main() -> None:
    url, api, command = sys.argv[1:]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asyncio.run(live(url, api, command, 0))  # to the end, so that no child reads again what this one has read
    gc.freeze()  # or each child would copy what it never uses
    dead, survived, numbers = 0, 0, count(1)
    children = {fork(url, api, command, next(numbers)) for _ in range(AT_ONCE)}
    while children:
        child, status = os.wait()
        children.remove(child)
        dead += os.WIFSIGNALED(status)
        survived += not os.WIFSIGNALED(status)
        if not survived:
            children.add(fork(url, api, command, next(numbers)))
    print(dead)


if __name__ == "__main__":
    main()
