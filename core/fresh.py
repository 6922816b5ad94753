"""A value of the store that other processes change now and then, cached in this one for FRESH_S."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
FRESH_S = 2.0  # how old a cached value may be


class Fresh(Generic[T]):
    """One cached value, which `read` gets from the store."""

    def __init__(self, read: Callable[[], Awaitable[T]], clock: Callable[[], float]) -> None:
        self._read, self._clock = read, clock
        self._value: T | None = None
        self._read_at = float("-inf")

    async def get(self) -> T:
        """Raises what `read` raises. While one caller reads again, others get the value from before."""
        now, before = self._clock(), self._read_at
        if self._value is not None and 0 <= now - before < FRESH_S:  # the clock may have been set back
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
