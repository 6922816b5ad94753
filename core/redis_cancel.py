"""Mends redis-py on Python 3.11, where a cancelled caller may go on as if nothing had happened.

It waits for its writes with `asyncio.wait_for`, which before Python 3.12 swallows a cancellation that
comes in the same turn of the loop as the result (python/cpython#86296): tasks that are told to end
would not. `asyncio.timeout` knows no such gap, and makes no task for each command. Docket's client is
redis-py, too, so its connections are mended at their root.
"""

import asyncio
import sys
from collections.abc import Iterable

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import TimeoutError as RedisTimeoutError

_send = AbstractConnection.send_packed_command


async def _send_within(
    self: AbstractConnection, command: bytes | str | Iterable[bytes], check_health: bool = True
) -> None:
    limit, self.socket_timeout = self.socket_timeout, None  # without one there, it just waits
    try:
        async with asyncio.timeout(limit):
            await _send(self, command, check_health)
    except TimeoutError:
        raise RedisTimeoutError("Timeout writing to socket") from None
    finally:
        self.socket_timeout = limit


def mend() -> None:
    """Once or more often, before the first connection."""
    if sys.version_info < (3, 12):
        AbstractConnection.send_packed_command = _send_within  # type: ignore[method-assign]
