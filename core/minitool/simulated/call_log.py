"""What the simulated API saw, for tests: which calls, in which order, and what is open now."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.minitool.simulated.faults import Call

_KEPT = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """One call. `is_signed`: it carried the key."""

    call: Call
    is_signed: bool
    body: Mapping[str, Any] = field(repr=False)  # JSON as it came


class CallLog:
    """Counts for ever, and the latest calls themselves."""

    def __init__(self) -> None:
        self.calls: deque[Seen] = deque(maxlen=_KEPT)
        self.counts: Counter[str] = Counter()
        self.open = 0  # answers that are streaming now
        self.most_open = 0
        self.whole = 0  # answers that were sent to their end
        self.left = 0  # answers whose reader went away first

    def note(self, call: Call, *, is_signed: bool, body: Mapping[str, Any]) -> None:
        self.calls.append(Seen(call, is_signed, body))
        self.counts[call] += 1

    @contextmanager
    def streaming(self) -> Iterator[None]:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            yield
        except BaseException:
            self.left += 1
            raise
        else:
            self.whole += 1
        finally:
            self.open -= 1

    def as_json(self) -> dict[str, object]:
        return {
            "counts": dict(self.counts),
            "open": self.open,
            "most_open": self.most_open,
            "whole": self.whole,
            "left": self.left,
        }
