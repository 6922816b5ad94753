"""A value of the store that other processes seldom change, cached in this process."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_AGE_S = 2.0


class Cached(Generic[T]):
    """A value that `read` gets from the store, cached for MAX_AGE_S. `clock` returns seconds."""

    def __init__(self, read: Callable[[], Awaitable[T]], clock: Callable[[], float]) -> None:
        self._read, self._clock = read, clock
        self._value: T | None = None
        self._read_at = float("-inf")

    async def get(self) -> T:
        """Raises what `read` raises. While one caller reads again, others get the value from before."""
        now, before = self._clock(), self._read_at
        if self._value is not None and 0 <= now - before < MAX_AGE_S:  # the clock may have been set back
            return self._value
        self._read_at = now
        try:
            value = await self._read()
        except BaseException:
            self._read_at = before
            raise
        if self._read_at == now:  # else it was changed while we read
            self._value = value
        return value

    def invalidate(self) -> None:
        """The next `get` reads again."""
        self._value, self._read_at = None, float("-inf")
