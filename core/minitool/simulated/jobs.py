"""A simulated image job. All of it is in its signature, so a job outlives the process that took the order."""

import base64
import re
import zlib
from dataclasses import dataclass
from typing import Any

import msgspec

from core.catalogue import SCHEDULERS
from core.minitool.wire import ImageRequest

_SIZES = range(256, 1345)
_NAMES = {"negative": "negativePrompt", "cfg": "cfgScale"}  # where the documentation has another than we


@dataclass(frozen=True, slots=True)
class SimulatedJob:
    order: ImageRequest
    due: float  # epoch seconds

    @property
    def signature(self) -> str:
        packed = zlib.compress(msgspec.json.encode([self.order, self.due]), 9)
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @property
    def id(self) -> int:
        """Eight digits, as the real ones have."""
        return 10_000_000 + zlib.crc32(self.signature.encode()) % 90_000_000


def parse_signature(signature: str) -> SimulatedJob | None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20000}", signature):
        return None
    try:
        unpacker = zlib.decompressobj()
        packed = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        order, due = msgspec.json.decode(unpacker.decompress(packed, 200_000), type=tuple[ImageRequest, float])
    except (ValueError, zlib.error, msgspec.DecodeError):
        return None
    return SimulatedJob(order, due)


def parse_order(body: dict[str, Any]) -> ImageRequest | None:  # JSON as it came
    """The order with the documented defaults; None where it breaks a documented rule."""
    given = {name: body.get(_NAMES.get(name, name)) for name in ImageRequest.__struct_fields__}
    try:
        order = msgspec.convert(
            {name: value for name, value in given.items() if value not in (None, "")}, ImageRequest
        )
    except msgspec.ValidationError:
        return None
    is_right = (
        bool(order.model and order.prompt.strip())
        and order.scheduler in SCHEDULERS
        and 1 <= order.steps <= 8
        and 1 <= order.cfg <= 7
        and order.width in _SIZES
        and order.height in _SIZES
    )
    return order if is_right else None
