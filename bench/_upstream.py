"""A model API that only streams chunks, in a process of its own, so that it does not slow what is measured."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvloop

Send = Callable[[str], None]

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
_CHUNK = (
    'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764000000,'
    '"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":%s},'
    '"finish_reason":null}],"usage":null}\n\n'
)
_END = (
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}\n\n'
    'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9}}\n\ndata: [DONE]\n\n'
)


def serve(speak: Callable[[Send], Awaitable[None]]) -> None:
    """Prints its address, and answers every request with the chunks that `speak` sends."""
    uvloop.run(_serve(speak))


@asynccontextmanager
async def upstream(module: str) -> AsyncIterator[str]:
    """Starts `python -m MODULE serve`, and yields the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, "serve"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def _serve(speak: Callable[[Send], Awaitable[None]]) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(_HEAD)
                await speak(lambda text: writer.write(_frame(_CHUNK % json.dumps(text))))
                writer.write(_frame(_END) + b"0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def _frame(text: str) -> bytes:
    data = text.encode()
    return b"%x\r\n%s\r\n" % (len(data), data)
