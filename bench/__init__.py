"""Speed, measured: `make bench`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_RESULTS = Path(__file__).parent / "results"


def save(name: str, found: Any) -> None:  # whatever JSON can say
    """Writes what was measured to bench/results/NAME.json."""
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which so much of them lies, 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
