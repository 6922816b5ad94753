"""Makes the pictures of one order: hold, line, submit, poll, fetch; continues from any step.

Every step is recorded before the next begins. The only step whose outcome can be lost is the submit:
an order found on the wire after a crash is UNKNOWN and never sent again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from core import metrics
from core.answer import Answer
from core.errors import (
    BotError,
    JobFailed,
    JobLate,
    JobUnknown,
    Missing,
    OverBudget,
    Refused,
    Rejected,
    UpstreamError,
)
from core.media_types import picture_type
from core.orders.answers import working
from core.orders.dependencies import Dependencies
from core.orders.handle import OrderHandle
from core.orders.line import LEASE_S
from core.orders.order import Order, Overtaken, State
from core.orders.timing import Expected, next_poll, took
from core.sentences import sentence
from core.settings import Settings
from core.spend import Hold, Payer, Wanted

log = structlog.get_logger(__name__)

LATE_DEADLINES = 6  # a late picture is polled for, this many deadlines long
_IN_LINE_S = 0.5
_ON_TIME_S = 1.0  # a poll that comes no later than that after it was due says how long a job takes
_REFUSALS = 3  # what lies at a picture's address is no picture, so many times
_MISSING_S = 60.0  # a picture may reach its host later than its address reaches us, but no later than that
T = TypeVar("T")


@dataclass(slots=True)
class _Watched:
    """What this process knows of a job beyond its record. Times are epoch seconds, 0 for never."""

    since: float = 0.0  # when it was submitted; when we first looked, while our clock is behind that
    looked_at: float = 0.0  # when the last look was over
    found_at: float = 0.0  # when it was said to be done
    missing_since: float = 0.0  # nothing comes from its address
    refused: int = 0  # how often what lay there was no picture
    trouble: str = ""  # why the last look told nothing; "": the picture was being made

    def reckon(self, submitted_at: float, now: float) -> bool:
        """Sets `since` by our clock. Returns whether our clock was set back, or is behind that of the process
        which submitted the job: then it cannot measure how long a job takes."""
        is_behind = now < (self.looked_at or submitted_at)
        if is_behind:
            self.looked_at = 0.0
        self.since = submitted_at if now >= submitted_at else min(self.since or now, now)
        return is_behind

    def due(self, expected: Expected) -> float:
        """When the next poll is due."""
        before = self.looked_at or self.since
        return before + next_poll(expected, before - self.since)


class Painting:
    """Makes the pictures of one order."""

    def __init__(self, deps: Dependencies, handle: OrderHandle) -> None:
        self._deps, self._handle = deps, handle
        self._place = 0  # in the line; 0: it is painted, or not there yet
        self._held: set[int] = set()
        self._expected: Expected | None = None
        self._watched: defaultdict[int, _Watched] = defaultdict(_Watched)

    @property
    def _order(self) -> Order:
        return self._handle.order

    def progress(self) -> Answer:
        """The Answer that shows the progress."""
        order, left_nanos = self._order, self._handle.left_nanos
        elapsed = self._deps.clock() - (order.sent_at or order.made_at)
        usual = self._expected.usual if self._expected else 0.0
        return working(order, place=self._place, left_nanos=left_nanos, elapsed=elapsed, usual=usual)

    async def hold(self) -> None:
        """Holds the money of all pieces, once. This comes before the line, so that a person who cannot pay need
        not wait. Where a cap has no room for some pieces, the person reads what these cost together."""
        unpaid = (number for number in self._handle.in_state(State.INTENT) if number not in self._held)
        short: dict[int, OverBudget] = {}
        await _all(self._hold(number, short) for number in unpaid)
        for number, refusal in short.items():
            refusal.data["cost_nanos"] = self._order.price_nanos * len(short)
            if self._held and refusal.data["renews"] == "soon":  # it is held for the others of this very order
                refusal.data["renews"] = "yes"
            await self._failed(number, refusal)

    async def _hold(self, number: int, short: dict[int, OverBudget]) -> None:
        """Holds the money of one piece. Where a cap has no room for it, adds the refusal to `short`."""
        try:
            hold = await self._take(self._order.pieces[number].request)
        except OverBudget as error:
            short[number] = error
        except Refused as error:
            await self._failed(number, error)
        else:
            self._held.add(number)
            if hold.left_nanos is not None:
                self._handle.left_nanos = hold.left_nanos

    async def _take(self, request: str) -> Hold:
        """Takes the hold for one piece. A hold that lapsed while nobody drove the order is released and taken
        again. Raises OverBudget, Refused, StoreError."""
        order, spend = self._order, self._deps.spend
        payer = Payer(order.person, order.chat, frozenset(order.labels), alone=order.alone)
        wanted = Wanted(request, "imagine", order.wish.model, order.price_nanos, order.price_nanos)
        try:
            return await spend.take(payer, wanted)
        except Refused as error:
            if error.message_key != "seen":
                raise
        await spend.release(request)
        return await spend.take(payer, wanted)

    async def step(self) -> float:
        """Does whatever can be done now. Returns the seconds until the next step is due."""
        for number in self._handle.in_state(State.SUBMITTING):  # not by us, or it would be further
            if self._deps.clock() < self._order.pieces[number].sent_at + _sending_s(self._deps.settings):
                raise Overtaken  # who sent it may still be told what became of it
            await self._failed(number, JobUnknown(cause="its process ended while the order was on the wire"))
        if self._handle.in_state(State.INTENT):
            self._place = await self._deps.line.enter(self._order)
            if self._place:
                await self._handle.reread()  # it may have been cancelled
                return _IN_LINE_S
            await _all(map(self._submit, self._handle.in_state(State.INTENT)))
        waits = await _all(map(self._watch, self._handle.in_state(State.SUBMITTED)))
        return min(waits, default=0.0)

    async def poll_late(self) -> list[float]:
        """Polls what is late. Returns for each the seconds until there is something to do about it."""
        return [await self._watch(number) for number in self._handle.in_state(State.LATE)]

    async def _submit(self, number: int) -> None:
        piece = await self._handle.set(number, state=State.SUBMITTING, sent_at=self._deps.clock())
        try:
            job = await self._deps.minitool.submit(self._order.wish)
        except UpstreamError as error:
            await self._failed(number, error)
        else:
            now = self._deps.clock()
            await self._handle.set(
                number, piece, state=State.SUBMITTED, job_id=job.id, signature=job.signature, submitted_at=now
            )

    async def _watch(self, number: int) -> float:
        """Polls a job, where that is due; gives it up past its deadline. Returns the seconds until there is
        something to do about it."""
        piece, watched = self._order.pieces[number], self._watched[number]
        deadline_s = self._deps.settings.image_deadline_s
        if piece.state is State.LATE:
            deadline_s *= LATE_DEADLINES
        expected = self._expected = self._expected or await self._deps.timing.expected(self._order.wish.kind)
        now = self._deps.clock()
        is_behind = watched.reckon(piece.submitted_at, now)
        ends_at, before = watched.since + deadline_s, watched.looked_at
        if before >= ends_at:
            await self._give_up(number)
            return 0.0
        late_by = now - watched.due(expected)
        if is_behind or late_by >= 0 or now >= ends_at:  # nobody may have looked for longer than the deadline
            await self._look(number)
        state = self._order.pieces[number].state
        if state is State.FETCHED and late_by < _ON_TIME_S and not is_behind:
            seconds = took(expected, before and before - watched.since, watched.found_at - watched.since)
            metrics.PAINTING.labels(self._order.wish.model).observe(seconds)
            await self._deps.timing.learn(self._order.wish.kind, seconds)
        if state is not piece.state:
            return 0.0
        return max(0.0, min(watched.due(expected), ends_at) - self._deps.clock())

    async def _look(self, number: int) -> None:
        """Polls a job, and fetches its picture. Where the poll fails, the next one may succeed."""
        watched = self._watched[number]
        try:
            if url := await self._deps.polls.poll(self._order.pieces[number].job):
                watched.found_at = self._deps.clock()
                await self._fetch(number, url)
            else:
                watched.trouble = ""
        except JobFailed as error:
            await self._failed(number, error)
        except UpstreamError as error:
            watched.trouble = error.cause
        except Exception as error:
            watched.trouble = type(error).__name__
            raise
        finally:  # after one that broke, too, the next is as far off, and has its end
            watched.looked_at = self._deps.clock()

    async def _fetch(self, number: int, url: str) -> None:
        """Fetches and keeps a picture. Raises JobFailed where there will be none, UpstreamError."""
        from core.pixels import is_whole  # decoders are loaded with the first picture

        piece, watched, deps = self._order.pieces[number], self._watched[number], self._deps
        try:
            data = await deps.minitool.fetch(url)
            if not await is_whole(data):  # the half of one looks like a picture, too
                raise Rejected(cause="a picture that cannot be decoded", reason="content")
        except UpstreamError as error:
            if error.cause != watched.trouble:  # once, not with every try
                log.warning(
                    "order.fetch_failed", ref=self._order.ref, error=error.message_key, cause=error.cause
                )
            watched.refused += isinstance(error, Rejected) or self._is_gone(watched, error)
            if watched.refused >= _REFUSALS:
                raise JobFailed(cause=error.cause) from error
            raise
        await deps.orders.keep_picture(self._order.ref, number, data)
        is_free = piece.state is State.LATE and deps.settings.image_late == "refund"
        await self._handle.set(
            number,
            piece,
            state=State.FETCHED,
            media_type=picture_type(data),
            paid_nanos=0 if is_free else self._order.price_nanos,
        )

    def _is_gone(self, watched: _Watched, error: BotError) -> bool:
        """Whether the picture has been missing at its address for so long that it will never be there."""
        if not isinstance(error, Missing):
            return False
        now = self._deps.clock()
        watched.missing_since = watched.missing_since or now
        return now - watched.missing_since >= _MISSING_S

    async def _failed(self, number: int, error: BotError) -> None:
        """Records that a piece failed, and costs nothing; or that its outcome is unknown."""
        is_unknown = isinstance(error, JobUnknown)
        event, state = ("order.unknown", State.UNKNOWN) if is_unknown else ("order.failed", State.FAILED)
        say = log.warning if isinstance(error, UpstreamError) else log.info
        say(event, ref=self._order.ref, error=error.message_key, cause=error.cause)
        self._deps.notice(error)
        note = sentence(error, self._order.locale, self._deps.settings)
        await self._handle.set(number, state=state, note=note)

    async def _give_up(self, number: int) -> None:
        """Records that a piece is late, past its deadline: the person is told, and it is still polled. After
        LATE_DEADLINES it has failed."""
        is_late = self._order.pieces[number].state is State.LATE
        error = JobLate(cause=self._watched[number].trouble or "still pending")
        log.warning("order.late", ref=self._order.ref, for_good=is_late, cause=error.cause)
        if not is_late:
            self._deps.notice(error)
        await self._handle.set(number, state=State.FAILED if is_late else State.LATE)


def _sending_s(settings: Settings) -> float:
    """For how long a living process may still wait for the reply to an order that it sent. Before that, no
    other process can tell whether it was lost. 0 with an embedded store: no other process serves, so the one
    that sent it is dead."""
    if settings.has_own_store:
        return 0.0
    return settings.connect_timeout_s + settings.first_byte_timeout_s + LEASE_S


async def _all(steps: Iterable[Awaitable[T]]) -> list[T]:
    """Awaits all steps at once, each to its end: an order on the wire is not abandoned because another one
    failed."""
    done = await asyncio.gather(*steps, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return [one for one in done if not isinstance(one, BaseException)]
