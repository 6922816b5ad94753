"""A reply's way into the lane of its channel or of its token."""

import asyncio
from collections.abc import Callable

from core.pace import Lane, Rank

SIGN_OF_LIFE_S = 0.8  # without a word for so long, a person wants to see that something happens


class ReplyLane:
    """A lane that, until the reply `has_begun`, spends no call on a sign of life while a word may come.

    Discord itself shows that an interaction is being worked on, and a first token is there within a
    second as a rule. So growth waits a moment to be hurried, which the first word does. Where no word came,
    the call is made only if there are calls to spare.
    """

    def __init__(self, lane: Callable[[], Lane], *, has_begun: bool) -> None:
        self._lane = lane  # another one once the token is dead
        self.has_begun = has_begun
        self._hurried = asyncio.Event()
        self._rank = Rank.GROWTH
        self.is_paid = False  # the next call

    async def enter(self, rank: Rank) -> bool:
        if rank is Rank.GROWTH and not self.has_begun:
            try:
                async with asyncio.timeout(SIGN_OF_LIFE_S):
                    await self._hurried.wait()
            except TimeoutError:
                rank = Rank.COSMETIC
            else:
                rank = self._rank
        self.is_paid = await self._lane().enter(rank)
        return self.is_paid or not self.has_begun  # what begins is shown all the same, and pays for itself

    async def pay(self, rank: Rank) -> None:
        """Before each call of a show: whoever entered has paid for the first one."""
        if not self.is_paid:
            await self._lane().enter(rank)
        self.is_paid = False

    def hurry(self, rank: Rank) -> None:
        self._rank = min(self._rank, rank)
        self._hurried.set()
        self._lane().hurry(rank)

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        self._lane().block(seconds, everywhere=everywhere)
