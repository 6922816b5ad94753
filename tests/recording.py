"""A Reply that records what it was asked to show, and refuses, hangs or vanishes on demand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from core.answer import Answer, Phase, Surface
from core.errors import DeliveryError, Gone, NoPictures, SlowDown, TooBig
from core.pace import Lane, OpenLane
from tests.waiting import PATIENCE_S


@dataclass
class RecordingReply:
    """`shown` are the answers the chat took, `at` their loop times, `tried` and
    `tried_at` all that were attempted.

    `refusals` are raised by the next shows, one each. Clearing `open` makes shows hang until it is set
    again. `takes` is how long the chat needs for one show. A real chat refuses while `away_until` is
    in the future of the loop's clock, pictures where it `forbids_pictures`, and for good once `deleted`.
    """

    surface: Surface = field(default_factory=lambda: Surface(buttons=True, pictures=True))
    lane: Lane = field(default_factory=OpenLane)
    address: str = "test:room:1"
    messages: tuple[str, ...] = ()
    takes: float = 0.0
    deleted: bool = False
    forbids_pictures: bool = False
    away_until: float = 0.0
    shown: list[Answer] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    tried: list[Answer] = field(default_factory=list)
    tried_at: list[float] = field(default_factory=list)
    refusals: list[DeliveryError] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    def __post_init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self._changed = asyncio.Condition()

    async def show(self, answer: Answer) -> None:
        self.tried.append(answer)
        self.tried_at.append(asyncio.get_running_loop().time())
        self.under_way += 1
        self.most_under_way = max(self.under_way, self.most_under_way)
        try:
            await self.open.wait()
            await asyncio.sleep(self.takes)
            self._refuse(answer)
        finally:
            self.under_way -= 1
        self.shown.append(answer)
        self.at.append(asyncio.get_running_loop().time())
        self.messages = self.messages or ("m1",)
        async with self._changed:
            self._changed.notify_all()

    def _refuse(self, answer: Answer) -> None:
        if self.deleted:
            raise Gone(cause="deleted")
        if asyncio.get_running_loop().time() < self.away_until:
            raise DeliveryError(cause="unreachable")
        if self.forbids_pictures and answer.pictures:
            raise NoPictures(cause="forbidden")
        if self.refusals:
            raise self.refusals.pop(0)

    def slow_down(self, seconds: float, *, everywhere: bool = False) -> None:
        """The next show is refused with this wait."""
        self.refusals.append(SlowDown(seconds, everywhere=everywhere))

    def too_big(self) -> None:
        """The next show is refused for its size."""
        self.refusals.append(TooBig())

    @property
    def last(self) -> Answer:
        return self.shown[-1]

    @property
    def phases(self) -> list[Phase]:
        """The phases in the order they were shown, repeats folded."""
        return [
            answer.phase
            for index, answer in enumerate(self.shown)
            if not index or answer.phase is not self.shown[index - 1].phase
        ]

    async def until(self, predicate: Callable[[Answer], bool]) -> Answer:
        """The first answer, shown already or later, that satisfies `predicate`."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: any(map(predicate, self.shown)))
        return next(filter(predicate, self.shown))

    async def until_final(self) -> Answer:
        return await self.until(lambda answer: answer.phase.is_final)
