"""Time limits for many short waits, one after the other: one timer for all of them.

`asyncio.timeout` makes a timer for each wait and takes it away again, which is a third of what it costs to read
a piece of an answer (`bench/chunks.py`). Here the timer stays, and looks at the clock when it fires.
"""

import asyncio
from types import TracebackType

# A timer that fires so late tells that the whole process stood still (SIGSTOP, a laptop that slept): a busy
# loop is late by far less. What is waited for may have come in that time; in the turn given then it is read.
_LATE_S = 1.0
_TURN_S = 1.0


class Patience:
    """One wait at a time: `with patience.until(when): await ...` raises TimeoutError at `when` of the loop's
    clock, as `asyncio.timeout_at` does. To be closed."""

    __slots__ = ("_cancelling", "_due", "_fires_at", "_is_over", "_loop", "_task", "_timer", "_until")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = float("inf")
        self._due = float("inf")  # the same, but never before the timer was set
        self._until = float("inf")
        self._task: asyncio.Task[object] | None = None  # who waits now
        self._cancelling = 0  # how often somebody else had asked it to end before
        self._is_over = False

    def until(self, when: float) -> "Patience":
        self._until = when
        return self

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        assert self._task is not None
        self._cancelling = self._task.cancelling()
        if self._until < self._fires_at:
            self._set_timer()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if self._is_over and task is not None:
            self._is_over = False
            if task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
                raise TimeoutError from error

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _set_timer(self) -> None:
        self.close()
        self._fires_at = self._until
        self._due = max(self._until, self._loop.time())
        self._timer = self._loop.call_at(self._until, self._look)

    def _look(self) -> None:
        self._timer, self._fires_at = None, float("inf")
        if self._task is None:  # the next wait sets it again
            return
        now = self._loop.time()
        if now >= self._until and now > self._due + _LATE_S:
            self._until = now + _TURN_S
        if now < self._until:
            self._set_timer()
        else:
            self._is_over = True
            self._task.cancel()
