"""CPU time and peak memory of preparing a 12-megapixel photo for a model.

python -m bench.pictures
"""

import asyncio
import io
import resource
import statistics
import subprocess
import sys
import time

from PIL import Image

from bench import judge, save
from core.attachments.files import File
from core.pixels import MOST_PIXELS, prepare

TARGET_MS = 120.0
REPEATS = 10


def photo(width: int, height: int, kind: str) -> bytes:
    """Smooth noise, about as detailed as a photo of a landscape (5.9 MB as a 12-megapixel JPEG)."""
    noise = [Image.effect_noise((width // 4, height // 4), 80) for _ in range(3)]
    out = io.BytesIO()
    image = Image.merge("RGB", noise).resize((width, height), Image.Resampling.BICUBIC)
    image.save(out, kind, **({"quality": 90} if kind == "JPEG" else {"compress_level": 1}))
    return out.getvalue()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(data: bytes, at_once: int = 1) -> tuple[float, float]:
    """Milliseconds of CPU time for one picture: the median, and the minimum, which other load affects less."""
    times = []
    for _ in range(REPEATS):
        started = time.process_time()
        asyncio.run(prepare([File("photo", "picture", data)] * at_once))
        times.append((time.process_time() - started) * 1000 / at_once)
    return statistics.median(times), min(times)


def main() -> None:
    twelve = _in_a_child("4000x3000.JPEG")
    idle, found = peak_mb(), {"jpeg_12mp_mb": len(twelve) / 1e6}
    found["jpeg_12mp_ms"], found["jpeg_12mp_least_ms"] = measure(twelve)
    found["jpeg_12mp_extra_mb"] = peak_mb() - idle
    measure(twelve, 4)
    found["jpeg_12mp_four_extra_mb"] = peak_mb() - idle
    largest = _in_a_child(f"5800x{MOST_PIXELS // 5800}.PNG")
    found["png_25mp_ms"], _ = measure(largest)
    measure(largest, 2)
    found["png_25mp_two_extra_mb"] = peak_mb() - idle
    for name, value in found.items():
        print(f"{name:<26} {value:8.1f}")
    judge([("a 12-megapixel JPEG, ms of CPU", found["jpeg_12mp_ms"], TARGET_MS)])
    save("pictures", found)


def _in_a_child(name: str) -> bytes:
    """Makes the picture in another process, so that this does not count for our own peak."""
    code = f"import sys; from bench.pictures import made; sys.stdout.buffer.write(made({name!r}))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout


def made(name: str) -> bytes:
    """The picture that `name` describes, as in "4000x3000.JPEG"."""
    size, kind = name.split(".")
    width, height = map(int, size.split("x"))
    return photo(width, height, kind)


if __name__ == "__main__":
    main()
