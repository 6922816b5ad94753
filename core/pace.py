"""Rate limits: one budget of calls per chat and one per account, so that no call is made that would be refused.

Invariant: in every window no more calls are entered than it allows, however the other side counts (fixed
windows, sliding windows or a leaky bucket). It holds while no call travels longer than another by more than
`Window.slack`; where every call is wrapped in `PacedLane.call`, it holds whatever the network does.

Callers wait for the right to make a call, without what they will send: they render after entering, so a newer
state never waits behind an older one.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush
from typing import Protocol
from weakref import WeakSet

from core import metrics
from core.budget import Budget, Limits, Window

# Re-exports what adapters need of `core.budget` to make a Pace.
__all__ = ["Lane", "Limits", "OpenLane", "Pace", "PacedLane", "Rank", "Window"]

_IN_FLIGHT_S = 120.0  # longer than any upload: a call whose end is never reported frees its place then


class Rank(IntEnum):
    """The priority of a call when calls are scarce."""

    FINAL = 0  # final states, answers to commands, errors
    FIRST = 1  # the first text of an answer
    GROWTH = 2  # a growing text
    COSMETIC = 3  # typing, progress; dropped rather than waited for


class Lane(Protocol):
    """The way by which one reply gets its share of the calls."""

    async def enter(self, rank: Rank) -> bool:
        """Waits until one call may be made. False: the call is not to be made (a COSMETIC one that
        would have to wait). Cancelling a waiting enter gives back what it had."""
        ...

    def hurry(self, rank: Rank) -> None:
        """Gives this rank to those who wait in this lane now, if it is better than theirs."""
        ...

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        """The platform said to wait: nothing of any rank goes to this chat (or anywhere) before that."""
        ...


class OpenLane:
    """A lane without limits, for surfaces of our own (web page, terminal)."""

    async def enter(self, rank: Rank) -> bool:
        return True

    def hurry(self, rank: Rank) -> None:
        return

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        return


def _chat_keep(rank: Rank, growing: int) -> Callable[[int], int]:
    """What this rank leaves of a chat's window: one call at least for a final text, so that it need
    not wait; where several answers grow in one chat, one each, up to half of the window."""
    if rank is Rank.FINAL:
        return lambda calls: 0
    if rank is Rank.FIRST:
        return lambda calls: 1
    return lambda calls: min(max(1, growing), max(1, calls // 2))


def _account_keep(rank: Rank, growing: int) -> Callable[[int], int]:
    """What this rank leaves of the account's window. Finals of a crowd come in bursts, so the more
    answers grow, the more growth leaves free, up to nine tenths; cosmetics always leave that much."""
    if rank <= Rank.FIRST:
        return lambda calls: 0
    if rank is Rank.COSMETIC:
        return lambda calls: calls * 9 // 10
    return lambda calls: min(max(calls, growing) // 3, calls * 9 // 10)


@dataclass(slots=True, eq=False)
class _Waiter:
    lane: "PacedLane"
    rank: Rank
    number: int
    entered: "asyncio.Future[float]"

    @property
    def turn(self) -> tuple[int, float, int]:
        """Sorts waiters: by rank, growth by who was shown longest ago, then by arrival."""
        since = self.lane.entered_at if self.rank >= Rank.GROWTH else 0.0
        return (self.rank, since, self.number)


class _Chat:
    """What waits for one chat, and what grows in it. `version` marks entries in the heaps that are no
    longer true."""

    __slots__ = ("budget", "counted", "growers", "version", "waiting")

    def __init__(self, windows: tuple[Window, ...], *, counted: bool) -> None:
        self.budget = Budget(windows)
        self.counted = counted
        self.version = 0
        self.waiting: list[_Waiter] = []
        self.growers: WeakSet[PacedLane] = WeakSet()  # those whose final text is still to come

    def opens_at(self, rank: Rank) -> float:
        return self.budget.opens_at(_chat_keep(rank, len(self.growers)))

    def next(self) -> _Waiter:
        return min(self.waiting, key=lambda waiter: waiter.turn)


class Pace:
    """The budgets of one bot account. One timer wakes the next waiter; nobody polls. All but `lane` is for the
    lanes."""

    def __init__(
        self, limits: Limits, clock: Callable[[], float] = time.monotonic, *, platform: str = ""
    ) -> None:
        """`platform` names the account in what is counted."""
        self._limits = limits
        self._blocked_s = metrics.BLOCKED.labels(platform)
        self._clock = clock
        self._account = Budget(limits.account)
        self._chats: OrderedDict[str, _Chat] = OrderedDict()  # longest left alone first
        self._ready: list[tuple[tuple[int, float, int], int, _Chat]] = []  # wait for the account alone
        self._later: list[tuple[float, int, int, _Chat]] = []  # wait for their chat's window
        self._growing = 0
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None

    def lane(
        self, chat: str, *, windows: tuple[Window, ...] | None = None, counted: bool = True
    ) -> "PacedLane":
        """A reply's lane to `chat`. `windows` where this kind of chat has limits of its own;
        `counted=False` where calls are outside the account's budget (then `chat` names the bucket)."""
        return PacedLane(self, chat, self._limits.chat if windows is None else windows, counted=counted)

    async def enter(self, lane: "PacedLane", rank: Rank) -> bool:
        chat = self._chat(lane)
        if rank is Rank.COSMETIC:
            return self._slip_in(chat, lane)
        if rank is not Rank.FINAL:
            chat.growers.add(lane)
        self._number += 1
        waiter = _Waiter(lane, rank, self._number, asyncio.get_running_loop().create_future())
        chat.waiting.append(waiter)
        self._growing += rank is Rank.GROWTH
        self._reorder(chat)
        try:
            await waiter.entered
        except asyncio.CancelledError:
            self._leave(chat, waiter)
            raise
        return True

    def _slip_in(self, chat: _Chat, lane: "PacedLane") -> bool:
        now = self._clock()
        if chat.waiting or chat.opens_at(Rank.COSMETIC) > now:
            return False
        if chat.counted and self._account.opens_at(_account_keep(Rank.COSMETIC, self._growing)) > now:
            return False
        self._spend(chat, now)
        lane.entered_at = now
        return True

    def _leave(self, chat: _Chat, waiter: _Waiter) -> None:
        if waiter in chat.waiting:
            self._remove(chat, waiter)
        elif not waiter.entered.cancelled():
            chat.budget.give_back(waiter.entered.result())
            if chat.counted:
                self._account.give_back(waiter.entered.result())
        self._reorder(chat)

    def hurry(self, lane: "PacedLane", rank: Rank) -> None:
        chat = self._chat(lane)
        for waiter in chat.waiting:
            if waiter.lane is lane and waiter.rank > rank:
                self._growing -= waiter.rank is Rank.GROWTH
                waiter.rank = rank
        self._reorder(chat)

    def block(self, lane: "PacedLane", seconds: float, *, everywhere: bool) -> None:
        chat, now = self._chat(lane), self._clock()
        until, was = now + seconds, max(now, (self._account if everywhere else chat.budget).blocked_until)
        self._blocked_s.inc(max(0.0, until - was))
        for budget in (chat.budget, self._account) if everywhere else (chat.budget,):
            budget.blocked_until = max(budget.blocked_until, until)
        self._reorder(chat)

    def learn(self, lane: "PacedLane", left: int, reset_after: float) -> None:
        chat = self._chat(lane)
        chat.budget.learn(left, self._clock() + reset_after)
        self._reorder(chat)

    def _chat(self, lane: "PacedLane") -> _Chat:
        chat = self._chats.get(lane.chat)
        if chat is None:
            self._forget_idle()
            chat = self._chats[lane.chat] = _Chat(lane.windows, counted=lane.counted)
        self._chats.move_to_end(lane.chat)
        return chat

    def _forget_idle(self) -> None:
        """Forgets idle chats. For each new chat, the two are checked that were used or checked longest ago, so
        that memory does not grow."""
        for _ in range(min(2, len(self._chats))):
            key, chat = self._chats.popitem(last=False)
            if chat.waiting or not chat.budget.is_idle(self._clock()):
                self._chats[key] = chat

    def _reorder(self, chat: _Chat) -> None:
        """To be called when something of the chat has changed: puts it in its place again, and lets in who may
        go now."""
        self._place(chat)
        self._grant()

    def _place(self, chat: _Chat) -> None:
        """Puts the chat where its next waiter belongs; what the heaps said of it before is void."""
        chat.version += 1
        if not chat.waiting:
            return
        waiter = chat.next()
        when = chat.opens_at(waiter.rank)
        if when > self._clock():
            heappush(self._later, (when, waiter.number, chat.version, chat))
        elif chat.counted:
            heappush(self._ready, (waiter.turn, chat.version, chat))
        else:
            self._admit(chat, waiter)

    def _grant(self) -> None:
        """Lets in the waiters who may go now, and sets the timer for the next."""
        now = self._clock()
        while self._later and self._later[0][0] <= now:
            _, _, version, chat = heappop(self._later)
            if version == chat.version:
                self._place(chat)
        wake_at = float("inf")
        while self._ready:
            (rank, _, _), version, chat = self._ready[0]
            if version != chat.version:
                heappop(self._ready)
                continue
            when = self._account.opens_at(_account_keep(Rank(rank), self._growing))
            if when > now:
                wake_at = when
                break
            heappop(self._ready)
            self._admit(chat, chat.next())
        if self._later:  # only now: those let in may have put their chats there
            wake_at = min(wake_at, self._later[0][0])
        self._wake_at(wake_at, now)

    def _admit(self, chat: _Chat, waiter: _Waiter) -> None:
        self._remove(chat, waiter)
        if not waiter.entered.done():  # done: cancelled a moment ago
            now = self._clock()
            self._spend(chat, now)
            waiter.lane.entered_at = now
            if waiter.rank is Rank.FINAL:
                chat.growers.discard(waiter.lane)
            waiter.entered.set_result(now)
        self._place(chat)

    def _spend(self, chat: _Chat, now: float) -> None:
        chat.budget.spend(now)
        if chat.counted:
            self._account.spend(now)

    def arrives(self, lane: "PacedLane", in_s: float) -> None:
        """To be told in how many seconds the call arrives that the lane was entered for last."""
        chat, to = self._chat(lane), self._clock() + in_s
        for budget in (chat.budget, self._account) if lane.counted else (chat.budget,):
            budget.move(lane.entered_at, to)
        lane.entered_at = to
        self._reorder(chat)

    def _remove(self, chat: _Chat, waiter: _Waiter) -> None:
        chat.waiting.remove(waiter)
        self._growing -= waiter.rank is Rank.GROWTH

    def _wake_at(self, when: float, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if when < float("inf"):
            # A timer may fire a tick early; a millisecond on top keeps it from spinning.
            self._timer = asyncio.get_running_loop().call_later(when - now + 0.001, self._grant)


class PacedLane:
    """A reply's way into one chat, made by `Pace.lane`."""

    __slots__ = ("__weakref__", "_pace", "chat", "counted", "entered_at", "windows")

    def __init__(self, pace: Pace, chat: str, windows: tuple[Window, ...], *, counted: bool) -> None:
        self._pace = pace
        self.chat = chat
        self.windows = windows
        self.counted = counted
        self.entered_at = float("-inf")

    async def enter(self, rank: Rank) -> bool:
        return await self._pace.enter(self, rank)

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around the call that was entered for last, one at a time. It counts from the moment its answer
        is there: however long it took to arrive, the other side counted it before that."""
        self._pace.arrives(self, _IN_FLIGHT_S)
        try:
            yield
        finally:
            self._pace.arrives(self, 0.0)

    def hurry(self, rank: Rank) -> None:
        self._pace.hurry(self, rank)

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        self._pace.block(self, seconds, everywhere=everywhere)

    def learn(self, left: int, reset_after: float) -> None:
        """What the platform's reply says of this chat's bucket: `left` calls before it resets in
        `reset_after` seconds. It can only slow down what the windows allow."""
        self._pace.learn(self, left, reset_after)
