"""What goes to the store is what redis-py itself would send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Connection
from redis.exceptions import DataError

from core import redis_mend

VALUES = st.one_of(st.text(st.characters(codec="utf-8")), st.binary(), st.integers(), st.floats())


@given(st.sampled_from(["GET", "CONFIG GET", b"XADD"]), st.lists(VALUES, max_size=30))
def test_packed_as_by_redis_py(name: str | bytes, args: list[str | bytes | int | float]) -> None:
    """Any command is the same bytes on the wire, names of two words too."""
    connection = Connection()
    assert b"".join(connection.pack_command(name, *args)) == b"".join(
        redis_mend._pack_slowly(connection, name, *args)
    )


def test_what_cannot_be_sent_is_told_as_by_redis_py() -> None:
    """What is no bytes, text or number is refused before anything is sent; redis-py's further types go."""
    with pytest.raises(DataError):
        Connection().pack_command("SET", "key", None)
    with pytest.raises(UnicodeEncodeError):
        Connection().pack_command("SET", "key", "\ud83d")
    assert b"".join(Connection().pack_command("SET", "key", memoryview(b"x"))).endswith(b"$1\r\nx\r\n")
