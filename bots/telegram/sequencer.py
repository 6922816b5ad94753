"""Begins the updates of one chat one after the other; chats do not wait for each other.

An update has begun when what it leads to is recorded in the store, or is over. Only then it is removed from the
inbox, and only then the next one of its chat begins, in whatever process. A message that may be a part of a
longer one lets the next in as soon as it is in the store, where the parts are joined. A message that is no part
waits for the whole of the parts before it (see `messages.run`).
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial

import structlog

from bots.tasks import finish, start

log = structlog.get_logger(__name__)

_BEGIN_S = 5.0  # then the next update of the chat waits no longer for this one to begin
MOST = 500  # under way at once; then no more are taken in, and Telegram keeps the rest
# Of these: as many messages as can be forwarded at once. One flooded chat is to stop no other.
MOST_OF_CHAT = 100
MOST_URGENT = 20  # beyond them, of those that end something

OnBegun = Callable[[str], Coroutine[None, None, None]]
IsOurs = Callable[[str], Awaitable[bool]]


class Begun:
    """Whether one update has begun, and what is to be done when it has. `number` is Telegram's id of the
    update; `is_ours()` is False where another process has taken it over."""

    def __init__(self, number: str, on_begun: OnBegun, is_ours: IsOurs, tasks: set[asyncio.Task[None]]) -> None:
        self.number, self._tasks = number, tasks
        self.is_ours = partial(is_ours, number)
        self._then: list[Callable[[], Coroutine[None, None, None]]] = [partial(on_begun, number)]
        self._passed = asyncio.Event()

    def pass_on(self) -> None:
        """Lets the next update of the chat begin, though this one has not."""
        self._passed.set()

    def also(self, do: Callable[[], Coroutine[None, None, None]]) -> None:
        """Adds something to be done when it has begun."""
        self._then.append(do)

    def set(self) -> None:
        """Marks it as begun."""
        self._passed.set()
        while self._then:
            start(self._then.pop()(), self._tasks)

    async def passed(self) -> None:
        """Waits until the next update of the chat may begin, _BEGIN_S at most."""
        try:
            async with asyncio.timeout(_BEGIN_S):
                await self._passed.wait()
        except TimeoutError:
            log.warning("telegram.update_slow", seconds=_BEGIN_S)


Work = Callable[[Begun], Awaitable[None]]


class Sequencer:
    """Runs the work of each update in a task, which `finish` awaits. `on_begun(number)` is called once an
    update has begun; `is_ours(number)` says whether no other process has taken it over."""

    def __init__(self, on_begun: OnBegun, is_ours: IsOurs) -> None:
        self._on_begun, self._is_ours = on_begun, is_ours
        self._last: dict[str, Begun] = {}  # of every chat where something is under way
        self._works: set[asyncio.Task[None]] = set()
        self._records: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST)
        self._under_way: Counter[str] = Counter()  # by chat
        self._full: set[str] = set()  # chats with no room for more, until nothing is under way there

    async def begin(
        self, chat: str, number: str, work: Work, *, instead: Work | None = None, is_urgent: bool = False
    ) -> Begun:
        """Takes an update in as soon as there is room for it. Where MOST_OF_CHAT of its chat are under way, an
        update that has something to do `instead` does that in place of its work, and further ones are dropped
        until nothing is under way there any more. For urgent updates there is room for MOST_URGENT more."""
        begun = Begun(number, self._on_begun, self._is_ours, self._records)
        most = MOST_OF_CHAT + MOST_URGENT * is_urgent
        if instead is not None and self._under_way[chat] >= most:
            if chat in self._full:
                begun.set()
                return begun
            log.warning("telegram.chat_flooded", chat=chat, under_way=MOST_OF_CHAT)
            self._full.add(chat)
            work = instead
        await self._room.acquire()
        self._under_way[chat] += 1
        before, self._last[chat] = self._last.get(chat), begun
        start(self._run(chat, before, begun, work), self._works)
        return begun

    async def _run(self, chat: str, before: Begun | None, begun: Begun, work: Work) -> None:
        try:
            if before is not None:
                await before.passed()
            await work(begun)
        except Exception as error:  # one broken update must not stop the others
            log.exception("telegram.update_broke", error=type(error).__name__)
        finally:
            self._room.release()
            self._under_way[chat] -= 1
            if not self._under_way[chat]:
                del self._under_way[chat], self._last[chat]
                self._full.discard(chat)
        begun.set()  # not where it was cancelled: the process that takes it over does it

    async def finish(self, grace_s: float) -> None:
        """Waits for the updates under way; cancels what takes longer than `grace_s`."""
        await finish(self._works, grace_s)
        await asyncio.gather(*self._records)
