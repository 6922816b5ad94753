"""Delay from the model's first token to the first text at the web client, at 1, 50 and 200 streams.

Each stream has 30 tokens a second. Three processes: the model writes the time into each answer's first token,
the unmodified console script serves the page, the client notes when that token arrives in an event. All three
read the machine's monotonic clock. Setting up an answer (sessions, money, memory) is not included.
"""

import asyncio
import re
import socket
import statistics
import sys
import time
from dataclasses import dataclass, field

import uvloop

from bench import Row, judge, percentile, print_head, print_row, save
from bench._service import script, until
from bench._upstream import Send, serve, upstream

STREAMS = (1, 50, 200)
TOKENS = 240
PER_S = 30.0
SPREAD_S = 4.0  # the questions come within this time, not in one moment
TARGET_1_MS = 20.0
TARGET_200_P95_MS = 150.0
COLUMNS = (
    ("streams", "streams", ">8", ""), ("p50 ms", "p50_ms", ">8", ""), ("p95 ms", "p95_ms", ">8", ""),
    ("max ms", "max_ms", ">8", ""), ("wall s", "wall_s", ">7", ""),
)  # fmt: skip

# A paragraph, a list and a heading, again and again; each word is a token.
_WORDS = re.findall(
    r"\S+\s*",
    "The river bends to the left, and a **bridge** stands there, older than the town. Few people cross it"
    " now, because the *new* road is wider.\n\n- first the `gate`\n- then the mill\n- and the ford\n\n"
    "## Further on\n\n",
)


async def _speak(send: Send) -> None:
    """An answer that begins with the time at which its first token was written."""
    await asyncio.sleep(0.3)
    send(f"T{time.monotonic_ns()}T ")
    for number in range(TOKENS):
        await asyncio.sleep(1 / PER_S)
        send(_WORDS[number % len(_WORDS)])


@dataclass
class _Visitor:
    """One browser: its cookie, its open page, and when the first text came."""

    port: int
    cookie: str = ""
    delay_ms: float = 0.0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def _send(self, head: str, body: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        lines = [head, f"host: 127.0.0.1:{self.port}", f"cookie: {self.cookie}", f"content-length: {len(body)}"]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return reader, writer

    async def arrive(self) -> None:
        reader, writer = await self._send("GET / HTTP/1.1")
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        found = re.search(r"set-cookie: (session=[^;]+)", head)
        assert found, head
        self.cookie = found[1]
        writer.close()

    async def look(self) -> None:
        """Reads the stream of events until the answer has ended."""
        reader, writer = await self._send("GET /events HTTP/1.1")
        while line := await reader.readline():
            if not self.delay_ms and (found := re.search(rb"T(\d{9,})T", line)):
                self.delay_ms = (time.monotonic_ns() - int(found[1])) / 1e6
            if b'\\"entry done\\"' in line:
                break
        writer.close()
        self.ended.set()

    async def ask(self) -> None:
        body = b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\nTell me\r\n--x--\r\n'
        head = "POST /turn HTTP/1.1\r\nx-page: 1\r\ncontent-type: multipart/form-data; boundary=x"
        reader, writer = await self._send(head, body)
        assert b" 202 " in await reader.readline()
        writer.close()


async def _measure(port: int, streams: int) -> Row:
    visitors = [_Visitor(port) for _ in range(streams)]
    looking = []
    for visitor in visitors:
        await visitor.arrive()
        looking.append(asyncio.create_task(visitor.look()))

    async def ask(number: int, visitor: _Visitor) -> None:
        await asyncio.sleep(0.2 + number * SPREAD_S / streams)
        await visitor.ask()

    started = time.monotonic()
    await asyncio.gather(*(ask(number, visitor) for number, visitor in enumerate(visitors)))
    await asyncio.gather(*looking)
    wall = time.monotonic() - started
    delays = [visitor.delay_ms for visitor in visitors]
    return {
        "streams": streams,
        "p50_ms": round(statistics.median(delays), 1),
        "p95_ms": round(percentile(delays, 0.95), 1),
        "max_ms": round(max(delays), 1),
        "wall_s": round(wall, 1),
    }


async def run(streams: tuple[int, ...] = STREAMS) -> list[Row]:
    port = _free_port()

    async def ready() -> None:
        await until(lambda: _listens(port), 30)

    async with (
        upstream("bench.web") as api,
        script("web", {"WEB_PORT": str(port)}, api, ready),
    ):
        await _measure(port, 1)  # imports, first connections
        return [await _measure(port, count) for count in streams]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main() -> None:
    if sys.argv[1:] == ["serve"]:
        serve(_speak)
        return
    rows = uvloop.run(run())
    print(f"added delay from the upstream's first token to the page, {PER_S:g} tokens/s each")
    print_head(COLUMNS)
    for row in rows:
        print_row(COLUMNS, row)
    one, crowd = rows[0]["p50_ms"], rows[-1]["p95_ms"]
    judge([("at 1, ms", one, TARGET_1_MS), ("p95 at 200, ms", crowd, TARGET_200_P95_MS)])
    save("web", {"tokens_per_s": PER_S, "rows": rows})


if __name__ == "__main__":
    main()
