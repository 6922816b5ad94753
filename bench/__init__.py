"""Benchmarks: `make bench`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_RESULTS = Path(__file__).parent / "results"


def save(name: str, found: Any) -> None:  # any JSON
    """Writes results to bench/results/NAME.json."""
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which the given share (0 to 1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
