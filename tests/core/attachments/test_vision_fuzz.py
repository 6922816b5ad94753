"""Damaged pictures in a process with little memory and time: it never crashes or hangs."""

import json
import random
import subprocess
import sys
from pathlib import Path

from tests.core.attachments.fuzz_pictures import damaged
from tests.core.attachments.made_pictures import drawing, encoded, photo

ROOT = Path(__file__).parents[3]


def test_damaged_pictures_never_crash_or_hang(tmp_path: Path) -> None:
    """Truncated and altered pictures of every format get one clear sentence."""
    rng = random.Random(4)
    sources = [encoded(photo(90, 60), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")]
    sources.append(encoded(photo(90, 60), "JPEG", progressive=True))
    sources.append(encoded(drawing(90, 60).quantize(4), "PNG"))
    sources.append(encoded(drawing(), "GIF", save_all=True, append_images=[photo()]))
    for number, data in enumerate(sources):
        for copy, broken in enumerate(damaged(data, 60, rng)):
            (tmp_path / f"{number}-{copy}").write_bytes(broken)
    command = [sys.executable, "-m", "tests.core.attachments.fuzz_pictures", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    counts = json.loads(done.stdout.splitlines()[-1])["counts"]
    assert sum(counts.values()) == 420
    assert set(counts) <= {
        "seen", "picture-broken", "picture-too-large", "picture-too-long", "picture-wrong-type"
    }  # fmt: skip
    assert counts["picture-broken"] > 50
