"""Speed, measured: `make bench`."""

import json
from pathlib import Path
from typing import Any

_RESULTS = Path(__file__).parent / "results"


def save(name: str, found: Any) -> None:  # whatever JSON can say
    """Writes what was measured to bench/results/NAME.json."""
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")
