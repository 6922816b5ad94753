"""One budget of calls per chat and one per account: nothing is sent that would be refused.

(This file is the first stone: the ranks and the two calls that adapters and `draft` use.)
"""

from enum import IntEnum
from typing import Protocol


class Rank(IntEnum):
    """Who goes first when calls are scarce."""

    FINAL = 0  # final states, answers to commands, errors
    FIRST = 1  # the first text of an answer
    GROWTH = 2  # a growing text
    COSMETIC = 3  # typing, progress; dropped rather than waited for


class Lane(Protocol):
    """One reply's share of the calls."""

    async def enter(self, rank: Rank) -> bool:
        """Waits until one call may be made. False: the call is not to be made (a COSMETIC one that
        would have to wait)."""
        ...

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        """The platform said to wait: nothing of any rank goes to this chat (or anywhere) before that."""
        ...


class OpenLane:
    """A lane without limits, for surfaces of our own (web page, terminal)."""

    async def enter(self, rank: Rank) -> bool:
        return True

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        return
