"""A reply's way into its lane, before it has shown anything."""

import asyncio
from collections.abc import Callable

from core.pace import Lane, Rank

SIGN_OF_LIFE_S = 0.8  # without a word for so long, a person wants to see that something happens


class PatientLane:
    """A lane for what comes first, which spends no call on a sign of life while a word may come.

    Discord itself shows that an interaction is being worked on, and a first token is there within a
    second as a rule. So growth waits a moment to be hurried, which the first word does. Afterwards
    `is_paid` says whether a call may be made: where no word came, only if there are calls to spare.
    """

    def __init__(self, lane: Callable[[], Lane]) -> None:
        self._lane = lane  # another one once the token is dead
        self._hurried = asyncio.Event()
        self._rank = Rank.GROWTH
        self.is_paid = False

    async def enter(self, rank: Rank) -> bool:
        if rank is Rank.GROWTH:
            try:
                async with asyncio.timeout(SIGN_OF_LIFE_S):
                    await self._hurried.wait()
            except TimeoutError:
                rank = Rank.COSMETIC
            else:
                rank = self._rank
        self.is_paid = await self._lane().enter(rank)
        return True

    def hurry(self, rank: Rank) -> None:
        self._rank = min(self._rank, rank)
        self._hurried.set()
        self._lane().hurry(rank)

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        self._lane().block(seconds, everywhere=everywhere)
