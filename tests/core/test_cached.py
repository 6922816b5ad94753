"""A cached value is read again when it is old, by one caller, and never overwrites a change."""

import asyncio

import pytest

from core.cached import MAX_AGE_S, Cached
from core.errors import StoreError


class Shelf:
    """A store that answers when the test lets it."""

    def __init__(self) -> None:
        self.value, self.reads, self.now = "one", 0, 100.0
        self.open = asyncio.Event()
        self.open.set()
        self.cached = Cached(self.read, lambda: self.now)

    async def read(self) -> str:
        self.reads += 1
        value = self.value
        await self.open.wait()
        if value == "":
            raise StoreError
        return value


async def test_one_reads_while_others_go_on() -> None:
    """A crowd that finds an old value causes one read; the reader gets the new value."""
    shelf = Shelf()
    assert await shelf.cached.get() == "one"
    shelf.now += MAX_AGE_S
    shelf.value = "two"
    shelf.open.clear()
    reading = asyncio.gather(*(shelf.cached.get() for _ in range(50)))
    await asyncio.sleep(0)
    shelf.open.set()
    found = await reading
    assert shelf.reads == 2
    assert found == ["two", *["one"] * 49]
    assert await shelf.cached.get() == "two"


async def test_a_clock_that_is_set_back_keeps_nothing_for_long() -> None:
    """A denial reaches every process within moments, also one whose clock was an hour ahead."""
    shelf = Shelf()
    await shelf.cached.get()
    shelf.now -= 3600
    shelf.value = "two"
    assert await shelf.cached.get() == "two"


async def test_a_change_wins_over_a_read_that_was_under_way() -> None:
    """A value read before a change is not kept, nor given to those who find another one reading."""
    shelf = Shelf()
    shelf.open.clear()
    reading = asyncio.create_task(shelf.cached.get())
    await asyncio.sleep(0)
    shelf.value = "two"
    shelf.cached.invalidate()
    shelf.open.set()
    await reading
    shelf.open.clear()
    later = asyncio.gather(shelf.cached.get(), shelf.cached.get())
    await asyncio.sleep(0)
    shelf.open.set()
    assert await later == ["two", "two"]


async def test_a_read_that_failed_is_tried_again() -> None:
    """An old value does not count as new because the store was away."""
    shelf = Shelf()
    await shelf.cached.get()
    shelf.now += MAX_AGE_S
    shelf.value = ""
    for _ in range(2):
        with pytest.raises(StoreError):
            await shelf.cached.get()
    shelf.value = "two"
    assert await shelf.cached.get() == "two"
