"""Benchmarks: `make bench`."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]  # a line of a table and of a result file
Column: TypeAlias = tuple[str, str, str, str]  # its title, its key in a row, ">9", ".2f"

_RESULTS = Path(__file__).parent / "results"


def save(name: str, found: Any) -> None:  # any JSON
    """Writes results to bench/results/NAME.json."""
    _RESULTS.mkdir(exist_ok=True)
    (_RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which the given share (0 to 1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def print_head(columns: Sequence[Column]) -> None:
    print(*(format(title, width) for title, _, width, _ in columns))


def print_row(columns: Sequence[Column], row: Row) -> None:
    print(*(format(row[key], width + form) for _, key, width, form in columns), flush=True)


def judge(targets: Iterable[tuple[str, float, float]]) -> None:
    """Prints each target: its name, the measured value, and the maximum."""
    for name, measured, most in targets:
        print(f"{'met' if measured <= most else 'MISSED':<7}{name}: {measured:.3g}, at most {most:.3g}")
