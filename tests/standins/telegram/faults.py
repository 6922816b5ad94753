"""Faults that tests order, for one call or many."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["flood", "refuse", "html", "garble", "cut-before", "cut-after", "hang"]


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    code: int = 0
    description: str = ""  # of a refusal; of what is garbled, all of the answer
    seconds: float = 0.0
    shuts: bool = True  # a flood: whether what comes in the meantime is refused, too
    chat: int = 0  # only calls to this one; 0: any


@dataclass(slots=True)
class Faults:
    """Faults wait per method, first come first served; "*" is any method but getUpdates."""

    waiting: dict[str, deque[Fault]] = field(default_factory=dict)

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        self.waiting.setdefault(method, deque()).extend([fault] * times)

    def take(self, method: str, chat: int) -> Fault | None:
        names = (method,) if method == "getUpdates" else (method, "*")
        for name in names:
            waiting = self.waiting.get(name, deque())
            for fault in waiting:
                if fault.chat in (0, chat):
                    waiting.remove(fault)
                    return fault
        return None
