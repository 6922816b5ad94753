"""The lane of one reply, which is that of its channel or of its token."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from core.pace import Lane, Rank

FIRST_WORD_S = 0.3  # with the call to Discord on top, a person sees within half a second that something happens


class ReplyLane:
    """A lane in which the first show waits for the first word of the answer.

    Discord itself shows that an interaction is being worked on, and the first token may be there just as soon.
    So until the reply `has_begun`, a show of growth waits up to FIRST_WORD_S for it. Where none came, it is
    shown that the bot is typing, if `typing_lane` (None where nothing need be shown) has calls to spare.
    """

    def __init__(
        self, lane: Callable[[], Lane], typing_lane: Callable[[], Lane | None], *, has_begun: bool
    ) -> None:
        self._lane = lane  # a function: it is another lane once the token is dead
        self._typing_lane = typing_lane
        self.has_begun = has_begun
        self._hurried = asyncio.Event()
        self._rank = Rank.GROWTH
        self.is_paid = False  # whether the next call has its place in the budget already
        self.may_type = False  # whether "is typing" has one

    async def enter(self, rank: Rank) -> bool:
        if rank is Rank.GROWTH and not self.has_begun:
            try:
                async with asyncio.timeout(FIRST_WORD_S):
                    await self._hurried.wait()
            except TimeoutError:
                typing = self._typing_lane()
                self.may_type = typing is not None and await typing.enter(Rank.COSMETIC)
                self.is_paid = False
                return True
            rank = self._rank
        self.is_paid = await self._lane().enter(rank)
        # The first show is made all the same, and enters with its own `call`.
        return self.is_paid or not self.has_begun

    def hurry(self, rank: Rank) -> None:
        self._rank = min(self._rank, rank)
        self._hurried.set()
        self._lane().hurry(rank)

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        self._lane().block(seconds, everywhere=everywhere)

    @asynccontextmanager
    async def call(self, rank: Rank) -> AsyncIterator[None]:
        """Surrounds each platform call of a show. Waits for room in the budget, but for the first call: that is
        the one for which core has entered the lane."""
        if not self.is_paid:
            await self._lane().enter(rank)
        self.is_paid = False
        yield
