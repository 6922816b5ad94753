"""The lane of one reply, which is that of its chat."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bots.telegram.sequencer import Begun
from core.pace import PacedLane, Rank


class ReplyLane:
    """A lane that takes nothing from the chat's budget while there is no message to show.

    Before its first text an answer is no message on Telegram. While the reply `is_silent`, entering for growth
    therefore returns at once; what is sent all the same enters with its own `call`.
    """

    def __init__(self, lane: PacedLane, is_silent: Callable[[], bool]) -> None:
        self.chat, self._is_silent = lane, is_silent
        self.is_paid = False  # whether the next call has its place in the budget already
        self.begun: Begun | None = None  # to be set when the reply shows something for the first time

    async def enter(self, rank: Rank) -> bool:
        """Core enters when it begins to show something: what the update leads to is recorded by then, so the
        update has begun (see `sequencer`)."""
        if self.begun is not None:
            self.begun.set()
        if self._is_silent() and rank is Rank.GROWTH:
            self.is_paid = False
            return True
        self.is_paid = await self.chat.enter(rank)
        return self.is_paid

    def hurry(self, rank: Rank) -> None:
        self.chat.hurry(rank)

    def block(self, seconds: float, *, everywhere: bool = False) -> None:
        self.chat.block(seconds, everywhere=everywhere)

    @asynccontextmanager
    async def call(self, rank: Rank) -> AsyncIterator[None]:
        """Surrounds each platform call of a show. Waits for room in the budget, but for the first call: that is
        the one for which core has entered the lane."""
        if self.is_paid:
            self.is_paid = False
        else:
            await self.chat.enter(rank)
        with self.chat.call():
            yield
