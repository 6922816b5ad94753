"""Damaged pictures, fed to a process with little memory and time: it never crashes and never hangs."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.core.made_pictures import drawing, encoded, photo

ROOT = Path(__file__).parents[2]

FUZZ = """
import asyncio, json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from core.attached import fetch, pictures
from core.errors import BadInput
from core.pixels import prepare
from core.turn import Attachment
from core.words import t

async def one(path):
    data = path.read_bytes()
    async def read(limit):
        return data
    try:
        files = await fetch([Attachment(path.name, "image/png", len(data), read)])
        await prepare(pictures(files))
        return "seen"
    except BadInput as error:
        assert t("en", error.message_key, **error.data) != error.message_key
        return error.message_key

async def main():
    counts, slowest = {}, 0.0
    for path in sorted(Path(sys.argv[1]).rglob("*")):
        if path.is_file():
            started = time.perf_counter()
            async with asyncio.timeout(20):
                found = await one(path)
            slowest = max(slowest, time.perf_counter() - started)
            counts[found] = counts.get(found, 0) + 1
    print(json.dumps({"counts": counts, "slowest": slowest}))

asyncio.run(main())
"""


def fuzz(folder: Path, cpu_seconds: int) -> dict[str, Any]:
    """Feeds every file of the folder to a process with little memory and time; how each ended."""
    command = [sys.executable, "-c", FUZZ, str(folder), str(cpu_seconds)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=cpu_seconds * 3, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_damaged_pictures_never_crash_or_hang(tmp_path: Path) -> None:
    """Truncated and altered pictures of every format: no crash, no hang, always one clear sentence."""
    rng = random.Random(4)
    sources = [encoded(photo(90, 60), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")]
    sources.append(encoded(photo(90, 60), "JPEG", progressive=True))
    sources.append(encoded(drawing(90, 60).quantize(4), "PNG"))
    sources.append(encoded(drawing(), "GIF", save_all=True, append_images=[photo()]))
    for number, data in enumerate(sources):
        for turn in range(60):
            broken = bytearray(data[: rng.randrange(1, len(data))] if turn % 3 == 0 else data)
            for _ in range(rng.randrange(1, 12)):
                broken[rng.randrange(min(len(broken), 200 if turn % 2 else len(broken)))] = rng.randrange(256)
            (tmp_path / f"{number}-{turn}").write_bytes(broken)
    found = fuzz(tmp_path, 40)
    assert sum(found["counts"].values()) == 420
    assert set(found["counts"]) <= {
        "seen", "picture-broken", "picture-too-large", "picture-too-long", "picture-wrong-type"
    }  # fmt: skip
    assert found["counts"]["picture-broken"] > 50


@pytest.mark.skipif(not os.environ.get("PILLOW_IMAGES"), reason="PILLOW_IMAGES names no folder")
def test_pillows_own_broken_pictures() -> None:
    """The images of Pillow's own tests, broken ones and bombs among them."""
    found = fuzz(Path(os.environ["PILLOW_IMAGES"]), 300)
    print(found)
    assert found["slowest"] < 10
