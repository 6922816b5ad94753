"""Counts the packets sent to the store."""

from collections.abc import Callable
from typing import Any

import pytest

from core.store import Store


def counted_packets(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Starts counting; the returned function gives the number of packets so far."""
    packets = 0
    connection = store.redis.connection_pool.connection_class
    send = connection.send_packed_command

    async def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal packets
        packets += 1
        return await send(self, *args, **kwargs)

    monkeypatch.setattr(connection, "send_packed_command", counted)
    return lambda: packets
