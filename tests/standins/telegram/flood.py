"""Flood limits as Telegram documents them: per chat, per group and for the whole account.

Every refused call is the caller's fault; a chat that was refused stays shut until its time is over.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

from .wire import Refusal


@dataclass(slots=True)
class Bucket:
    """`burst` calls at once, refilled at `rate` a second."""

    rate: float
    burst: int
    level: float = -1.0
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more call fits; 0 = it fits now."""
        if self.level < 0:
            self.level, self.at = float(self.burst), now
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate

    def take(self) -> None:
        self.level -= 1


@dataclass(slots=True)
class Span:
    """At most `most` calls in any `seconds`."""

    most: int
    seconds: float
    calls: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        while self.calls and self.calls[0] <= now - self.seconds:
            self.calls.popleft()
        return 0.0 if len(self.calls) < self.most else self.calls[0] + self.seconds - now

    def take(self, now: float) -> None:
        self.calls.append(now)


@dataclass(slots=True)
class Flood:
    """The limits of one bot account. Zero switches a limit off."""

    chat_rate: float = 1.0
    group_calls: int = 20
    account_calls: int = 30
    _chats: dict[int, Bucket] = field(default_factory=dict)
    _groups: dict[int, Span] = field(default_factory=dict)
    _account: Span | None = None
    _shut: dict[int | None, float] = field(default_factory=dict)

    def shut(self, chat: int | None, seconds: float, now: float) -> None:
        """Refuse everything in this chat (None: anywhere) for so long."""
        self._shut[chat] = now + seconds

    def admit(self, chat: int | None, clock: Callable[[], float]) -> None:
        """Count one call to `chat` (None: an inline message), or raise the refusal."""
        now = clock()
        for place in (None, chat):
            if (until := self._shut.get(place, 0.0)) > now:
                raise self._refusal(until - now)
        if self._account is None:
            self._account = Span(self.account_calls, 1.0)
        waits = [self._account.wait(now)] if self.account_calls else []
        bucket = group = None
        if chat is not None and self.chat_rate:
            bucket = self._chats.setdefault(chat, Bucket(self.chat_rate, burst=5))
            waits.append(bucket.wait(now))
        if chat is not None and chat < 0 and self.group_calls:
            group = self._groups.setdefault(chat, Span(self.group_calls, 60.0))
            waits.append(group.wait(now))
        if (longest := max(waits, default=0.0)) > 0:
            self.shut(chat, ceil(longest), now)
            raise self._refusal(longest)
        if self.account_calls:
            self._account.take(now)
        if bucket:
            bucket.take()
        if group:
            group.take(now)

    @staticmethod
    def _refusal(seconds: float) -> Refusal:
        wait = max(1, ceil(seconds))
        return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def without_limits() -> Flood:
    return Flood(chat_rate=0, group_calls=0, account_calls=0)
