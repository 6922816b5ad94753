"""Waiting for a condition, which is what tests do in place of sleeping."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")
PATIENCE_S = 60.0
"""How long a test waits for what should come true. Only a failing test waits so long: a crowded machine may
take many times what an idle one takes."""


@overload
async def until(predicate: Callable[[], Awaitable[T]], timeout: float = PATIENCE_S) -> T: ...
@overload
async def until(predicate: Callable[[], T], timeout: float = PATIENCE_S) -> T: ...
async def until(predicate: Callable[[], Any], timeout: float = PATIENCE_S) -> Any:
    """The first true value of `predicate()`, which may be async. Fails the test after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        found = predicate()
        value = await found if inspect.isawaitable(found) else found
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true within {timeout} s: last value {value!r}")
        await asyncio.sleep(0.005)
