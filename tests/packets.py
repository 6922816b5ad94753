"""How often the store is written to."""

from collections.abc import Callable
from typing import Any

import pytest

from core.store import Store


def counted_packets(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Counts from now on; what it returns tells how many packets there were."""
    packets = 0
    connection = store.redis.connection_pool.connection_class
    send = connection.send_packed_command

    async def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal packets
        packets += 1
        return await send(self, *args, **kwargs)

    monkeypatch.setattr(connection, "send_packed_command", counted)
    return lambda: packets
