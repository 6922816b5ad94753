"""Rate limits as the real one counts them: a fixed window per bucket, a sliding second for the account.

As observed for bots: five messages created or edited in a channel within five seconds, fifty calls a second in
total. Interaction webhooks are outside the account's limit and have five per two seconds and token.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

MESSAGES = ("messages", 5, 5.0)
WEBHOOK = ("webhook", 5, 2.0)
OTHER = ("other", 50, 1.0)
GLOBAL_CALLS, GLOBAL_SECONDS = 50, 1.0


@dataclass
class Window:
    """One bucket: `used` calls since `began`."""

    name: str
    limit: int
    seconds: float
    began: float = float("-inf")
    used: int = 0

    def take(self, now: float) -> bool:
        if now >= self.began + self.seconds:
            self.began, self.used = now, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def headers(self, now: float) -> dict[str, str]:
        left = max(0.0, self.began + self.seconds - now)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass(frozen=True)
class Verdict:
    """Whether a call is let in; `retry_after` seconds and `scope` where it is not."""

    headers: dict[str, str]
    retry_after: float = 0.0
    scope: str = ""  # "user" (a bucket) or "global"


@dataclass
class Limits:
    """Every bucket of one account. `enabled = False` lets everything in."""

    clock: Callable[[], float] = time.monotonic
    enabled: bool = True
    windows: dict[str, Window] = field(default_factory=dict)
    calls: deque[float] = field(default_factory=deque)

    def take(self, kind: tuple[str, int, float], major: str, *, counts_globally: bool) -> Verdict:
        now = self.clock()
        name, limit, seconds = kind
        window = self.windows.setdefault(f"{name}:{major}", Window(name, limit, seconds))
        if not self.enabled:
            return Verdict({})
        if counts_globally and (wait := self._global_wait(now)):
            return Verdict({}, wait, "global")
        if not window.take(now):
            headers = window.headers(now)
            return Verdict(headers, float(headers["X-RateLimit-Reset-After"]), "user")
        return Verdict(window.headers(now))

    def _global_wait(self, now: float) -> float:
        while self.calls and self.calls[0] <= now - GLOBAL_SECONDS:
            self.calls.popleft()
        if len(self.calls) >= GLOBAL_CALLS:
            return self.calls[0] + GLOBAL_SECONDS - now
        self.calls.append(now)
        return 0.0
