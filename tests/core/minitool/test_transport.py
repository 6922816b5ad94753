"""httpx over sockets of another library: what is ours in between."""

import gzip

import httpx
import pytest

from core.minitool.transport import body_of


@pytest.mark.parametrize("packed", [True, False])
async def test_the_body_is_read_as_it_was_written(packed: bool) -> None:
    """Past httpx where there is nothing to decode, through it where a server compresses unasked."""
    plain = b"data: {}\n\n" * 50
    stream = httpx.ByteStream(gzip.compress(plain) if packed else plain)
    headers = {"content-encoding": "gzip"} if packed else {}
    response = httpx.Response(200, headers=headers, stream=stream, extensions={"body": stream})
    assert b"".join([piece async for piece in body_of(response)]) == plain
