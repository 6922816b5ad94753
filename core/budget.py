"""Counts calls in windows of time, and tells when the next one may be made."""

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """At most `calls` in any `seconds`. `is_exact`: every call is wrapped in `PacedLane.call`."""

    calls: int
    seconds: float
    is_exact: bool = False

    @property
    def slack(self) -> float:
        """Seconds added to the window, because two calls a window apart may arrive closer together
        than they left. It costs 5 % of a one-second budget, and less of a longer one."""
        return 0.0 if self.is_exact else min(max(0.05, self.seconds * 0.05), 0.5)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one account: for each chat, and in all."""

    chat: tuple[Window, ...]
    account: tuple[Window, ...] = ()


class Budget:
    """The calls made lately, and when the next one may be made."""

    __slots__ = ("_left", "_left_until", "_most", "_spent", "_windows", "blocked_until")

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self._windows = windows
        self._most = max((window.calls for window in windows), default=1)
        self._spent: list[float] = []  # when each arrived at the latest, in order
        self._left = 0
        self._left_until = 0.0
        self.blocked_until = 0.0

    def opens_at(self, keep: Callable[[int], int]) -> float:
        """The earliest moment for a call that leaves `keep(calls)` of each window's calls unused."""
        when = self.blocked_until
        for window in self._windows:
            room = max(1, window.calls - keep(window.calls))
            if len(self._spent) >= room:
                when = max(when, self._spent[-room] + window.seconds + window.slack)
        if self._left <= min(keep(2), 1):
            when = max(when, self._left_until)
        return when

    def spend(self, now: float) -> None:
        insort(self._spent, now)
        del self._spent[: -self._most]
        self._left -= 1

    def move(self, when: float, to: float) -> None:
        """A call that was thought to arrive at one moment arrives at another."""
        if when in self._spent:
            self._spent.remove(when)
            insort(self._spent, to)

    def give_back(self, when: float) -> None:
        if when in self._spent:
            self._spent.remove(when)
            self._left += 1

    def learn(self, left: int, until: float) -> None:
        self._left, self._left_until = left, until

    def is_idle(self, now: float) -> bool:
        """Whether no window is affected by earlier calls any more."""
        last = self._spent[-1] if self._spent else 0.0
        longest = max((window.seconds + window.slack for window in self._windows), default=0.0)
        return max(last + longest, self.blocked_until, self._left_until) <= now
