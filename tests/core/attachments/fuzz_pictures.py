"""Feeds files to the preparation of pictures, in a process with little memory and time.

    python -m tests.core.attachments.fuzz_pictures FOLDER [DAMAGED]

Feeds every file of a folder, such as the images of Pillow's own tests (they come with its source
distribution), and DAMAGED broken copies of each; prints how they ended. A crash, a hang, anything that is no
clear sentence, or more memory or time than allowed, ends it with an error.
"""

import asyncio
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.attachments.files import fetch, pictures
from core.errors import BadInput
from core.pixels import prepare
from core.turn import Attachment
from core.words import locales, t

MEMORY_BYTES, CPU_SECONDS = 1_500_000_000, 900
MOST_S = 20.0  # for one file


def damaged(data: bytes, count: int, rng: random.Random) -> Iterator[bytes]:
    """Copies that are cut off or have wrong bytes, most of them in the head, where sizes stand."""
    for number in range(count):
        broken = bytearray(data[: rng.randrange(1, len(data))] if number % 3 == 0 else data)
        for _ in range(rng.randrange(1, 12)):
            broken[rng.randrange(min(len(broken), 200) if number % 2 else len(broken))] = rng.randrange(256)
        yield bytes(broken)


async def _end_of(name: str, data: bytes) -> str:
    async def read(limit: int) -> bytes:
        return data

    try:
        files = await fetch([Attachment(name, "image/png", len(data), read)])
        await prepare(pictures(files))
    except BadInput as error:
        key, data_of = error.message_key, error.data
    else:
        return "seen"
    for locale in locales():
        assert t(locale, key, **data_of) != key
    return key


async def feed(files: Iterable[tuple[str, bytes]]) -> dict[str, object]:
    """How many ended in which way, and the seconds of the slowest."""
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    for name, data in files:
        started = time.perf_counter()
        async with asyncio.timeout(MOST_S):
            counts[await _end_of(name, data)] += 1
        slowest = max(slowest, (time.perf_counter() - started, name))
    return {"files": sum(counts.values()), "counts": dict(counts), "slowest": slowest}


def _files(folder: Path, copies: int) -> Iterator[tuple[str, bytes]]:
    rng = random.Random(4)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        yield path.name, data
        for broken in damaged(data, copies, rng) if data else ():
            yield path.name, broken


def main(folder: str, copies: str = "0") -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS,) * 2)
    found = asyncio.run(feed(_files(Path(folder), int(copies))))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(found | {"cpu_s": round(used.ru_utime), "peak_mb": used.ru_maxrss // 1024}))


if __name__ == "__main__":
    main(*sys.argv[1:])
