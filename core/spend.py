"""Holds and settles money. A hold always ends: settled, released, or booked as spent when its lease is over.

The worst case of a request is held against every cap it falls under before anything is sent, and what it
truly cost is booked afterwards, to the day of the hold. Every step is one script call (see `core.money.base`).
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal, Self, TypeVar

import structlog

from core.errors import OverBudget, Refused, StoreError
from core.money.base import MOST_BOOKED_NANOS, MOST_TOKENS, NO_CAP, ROOT, fresh_id, key, packed_caps, today
from core.money.caps import Caps
from core.money.ledger import Ledger
from core.money.purse import Purses
from core.money.summary import Summary, read_summary
from core.money.trail import Trail
from core.periodic import repeat
from core.settings import Settings
from core.store import Script, Store, load_script
from core.turn import Turn
from core.words import t

log = structlog.get_logger(__name__)

T = TypeVar("T")
_CLOSING_PATIENCE_S = 5.0  # how long open settles are waited for at the end; after that the lease books them
_ALL_HELD = -1  # in place of an amount, as the scripts have it
_SCOPES = tuple(product(("person", "chat", "all"), ("day", "month")))  # in the order in which scripts have them

_HOLD, _SETTLE, _RELEASE, _RENEW, _SWEEP, _SUMMARY, _NOTE = (
    load_script(f"money_{name}") for name in ("hold", "settle", "release", "renew", "sweep", "summary", "note")
)


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose caps a request falls under: the person's, the chat's ("" where there is none) and everybody's.
    `labels` are further names (roles) that may have caps of their own. `alone`: the chat belongs to the person
    alone, so that its name is forgotten with theirs."""

    person: str
    chat: str
    labels: frozenset[str] = frozenset()
    alone: bool = False

    @classmethod
    def of(cls, turn: Turn) -> Self:
        """The payer of what is asked in a turn."""
        return cls(turn.person.id, turn.chat, turn.labels, turn.alone)


EVERYBODY = Payer("", "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to hold: the worst case, and the least that is still useful (the same: all or nothing)."""

    request: str  # unique; what makes every step happen once
    kind: Literal["ask", "imagine"]
    model: str
    nanos: int
    least_nanos: int

    def __post_init__(self) -> None:
        if not 0 <= self.least_nanos <= self.nanos:
            raise ValueError("the least must be between nothing and the worst case")


@dataclass(frozen=True, slots=True)
class Spent:
    """What it cost. measured: "usage" (the API said it), "counted", "estimated", "price", "lease"."""

    nanos: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    measured: str = "usage"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was booked, and what is left now under all caps together (None: no cap, or the hold had ended
    before). `crossed` is 75 or 90 the one time that the person's use of a `period` ("day" or "month") passes
    it."""

    spent_nanos: int
    left_nanos: int | None
    crossed: int = 0
    period: str = ""

    def warning(self, locale: str) -> str:
        """What the person is told of it; "" where nothing was passed."""
        if not self.crossed:
            return ""
        return t(locale, "answer-cap-near", percent=self.crossed, period=self.period)


@dataclass(slots=True)
class Hold:
    """Money set aside for one request: `nanos` of it. `left_nanos` is what all caps together left then (None:
    no cap, or held before). `receipt` is there once the hold has ended."""

    request: str
    nanos: int
    left_nanos: int | None = None
    receipt: Receipt | None = None
    spent: Spent | None = field(default=None, repr=False)

    def book(self, spent: Spent) -> None:
        """What leaving the hold settles; the last call counts. Without one the hold is released."""
        self.spent = spent


class Spend:
    """Holds, settles and releases. While entered, it renews the holds of this process and books those of dead
    ones.

    `caps`, `ledger`, `purses` and `trail` are for what operators and people do besides.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float]) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self.caps = Caps(store, settings)
        self.ledger = Ledger(store, settings, clock)
        self.purses = Purses(store, settings, clock)
        self.trail = Trail(store)
        self.overruns: deque[tuple[str, int, int]] = deque(maxlen=100)  # request, held, spent: to be told of
        self._open: set[str] = set()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep(), name="spend.keep")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._keeper.cancel()
        await asyncio.wait([self._keeper])
        try:
            async with asyncio.timeout(_CLOSING_PATIENCE_S):
                while self._tasks:  # a settle that fails leaves another one that repeats it
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            late = {*self._tasks}
            log.error("spend.unsettled", count=len(late))
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @asynccontextmanager
    async def hold(self, payer: Payer, wanted: Wanted) -> AsyncIterator[Hold]:
        """Holds money while open; on leaving, settles what was booked, or releases where nothing was.

        Raises OverBudget, Refused("seen"), StoreError on entering; nothing on leaving: a settle that
        does not get through is repeated until it does, and `receipt` is None until then.
        """
        hold = await self._take_safely(payer, wanted)
        self._open.add(hold.request)
        try:
            yield hold
        finally:
            await asyncio.shield(self._track(self._finish(hold)))

    async def take(self, payer: Payer, wanted: Wanted) -> Hold:
        """A hold for what outlives the process: the caller renews, and settles or releases it, also after a
        StoreError, which may have lost only the reply.

        Held twice with the same request id, the second call returns the first hold.
        Raises OverBudget, Refused("seen") where it was paid for already, StoreError.
        """
        settings, now = self._settings, self._clock()
        at = today(now, settings.zone)
        args = [
            math.floor(now * 1000), math.ceil(settings.hold_lease_s * 1000), at.day, at.month,
            wanted.request, payer.person, payer.chat, wanted.kind, wanted.model, wanted.nanos,
            wanted.least_nanos, fresh_id(), fresh_id(),
            packed_caps(settings), int(payer.alone), *_labels(payer),
        ]  # fmt: skip
        state, *rest = await self._run(_HOLD, args)
        while state == b"lapsed":  # holds of dead processes are booked first
            await self.sweep()
            args[0] = math.floor(self._clock() * 1000)  # what the sweep went by: it may have been set back
            state, *rest = await self._run(_HOLD, args)
        if state == b"no room":
            ends = {"day": at.day_ends, "month": at.month_ends}
            raise _over_budget(wanted, rest[0], rest[1:7], rest[7:13], rest[13:], ends)
        if state == b"paid":
            raise Refused("seen")
        if state == b"known":
            log.info("spend.held_again", request=wanted.request)
        granted, left = rest
        return Hold(wanted.request, granted, None if left < 0 else left)

    async def settle(self, request: str, spent: Spent) -> Receipt:
        """Books what a request cost, once, however often it is called. Raises StoreError.

        It is booked even where it is more than was held, and where the lease was over: the booking of
        the lease is corrected then. A request that was never held is logged and books nothing.
        """
        nanos = _believable(request, spent)
        reply = await self._run(
            _SETTLE,
            [request, nanos, _clamped(spent.prompt_tokens), _clamped(spent.completion_tokens), spent.measured],
        )
        state = reply[0].decode()
        if state == "unknown":
            log.error("spend.unknown", request=request, spent_nanos=nanos)
            return Receipt(0, None)
        _, booked, held, left, crossed, period = reply
        if state in ("open", "lease") and booked > held:
            log.error("spend.overrun", request=request, held_nanos=held, spent_nanos=booked)
            self.overruns.append((request, held, booked))
        elif state == "released":
            log.error("spend.unheld", request=request, spent_nanos=booked)
        log.info("spend.settled", request=request, state=state, held_nanos=held, spent_nanos=booked)
        return Receipt(booked, None if left < 0 else left, crossed, period.decode())

    async def release(self, request: str) -> None:
        """Releases a hold, as nothing of the request was sent. Idempotent. Raises StoreError."""
        state = (await self._run(_RELEASE, [request])).decode()
        log.info("spend.released", request=request, state=state)

    async def renew(self, *requests: str) -> int:
        """Renews the leases of open holds. Returns how many of them are still open. Raises StoreError."""
        ends = math.ceil((self._clock() + self._settings.hold_lease_s) * 1000)
        return int(await self._run(_RENEW, [ends, *requests]))

    async def note(self, request: str, event: str) -> None:
        """Adds an event to the ledger about a request that has ended (such as "late"), once. Raises
        StoreError."""
        await self._run(_NOTE, [request, event])

    async def sweep(self) -> list[str]:
        """Books every hold whose lease is over as spent, whoever made it. Returns their requests. Raises
        StoreError."""
        lapsed: list[str] = []
        while found := await self._run(_SWEEP, [math.floor(self._clock() * 1000), 100]):
            for request, kind, person, nanos in zip(*(found[at::4] for at in range(4)), strict=True):
                lapsed.append(request.decode())
                log.warning(
                    "spend.lapsed", request=lapsed[-1], command=kind.decode(),
                    person=person.decode().replace(" ", "+"), nanos=nanos,
                )  # fmt: skip
        return lapsed

    async def holds(self) -> int:
        """How many requests of all processes have their money held now. Raises StoreError."""
        with self._store.guard():
            return int(await self._store.redis.zcard(key("open")))

    async def summary(self, payer: Payer) -> Summary:
        """What this payer has spent and may still spend. One round trip. Raises StoreError."""
        now = self._clock()
        at = today(now, self._settings.zone)
        caps = packed_caps(self._settings)
        reply = await self._run(_SUMMARY, [at.day, at.month, payer.person, payer.chat, caps, *_labels(payer)])
        return read_summary(reply, at)

    async def check_affordable(self, payer: Payer, wanted: Wanted) -> None:
        """Raises OverBudget where even `wanted.least_nanos` would be refused now; holds nothing. To be called
        before work that the payer may be unable to pay for. Raises StoreError."""
        found = await self.summary(payer)
        if found.left_nanos < wanted.least_nanos:
            ends = {"day": found.person_day.resets_at, "month": found.person_month.resets_at}
            held = [period.held_nanos for scope in ("person", "chat", "all") for period in found.of(scope)]
            raise _over_budget(wanted, found.credit_nanos, found.rooms, found.caps, held, ends)

    async def _take_safely(self, payer: Payer, wanted: Wanted) -> Hold:
        """As `take`. Where the caller is cancelled, or the store's reply is lost, releases the hold, as nobody
        else knows of it."""
        asking = self._track(self.take(payer, wanted))
        try:
            return await asyncio.shield(asking)
        except (asyncio.CancelledError, StoreError):
            self._track(self._give_back(asking, wanted.request))
            raise

    async def _run(self, script: Script, args: Sequence[str | int | bytes | float]) -> Any:  # its reply
        return await self._store.run(script, [ROOT], args)

    def _track(self, work: Awaitable[T]) -> "asyncio.Task[T]":
        """Starts a task for which leaving this context waits."""
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _finish(self, hold: Hold) -> None:
        try:
            await self._end(hold)
        except StoreError as error:
            log.error("spend.settle_failed", request=hold.request, cause=error.cause)
            self._track(self._retry(lambda: self._end(hold)))
        finally:
            self._open.discard(hold.request)

    async def _end(self, hold: Hold) -> None:
        if hold.spent is None:
            await self.release(hold.request)
        else:
            hold.receipt = await self.settle(hold.request, hold.spent)

    async def _give_back(self, asking: "asyncio.Task[Hold]", request: str) -> None:
        """Releases what was held, or may have been: of a StoreError only the reply may be lost."""
        await asyncio.wait([asking])
        if asking.exception() is None or isinstance(asking.exception(), StoreError):
            await self._retry(lambda: self.release(request))

    async def _retry(self, step: Callable[[], Awaitable[object]]) -> None:
        """Repeats an idempotent step until the store takes it."""
        pause = 0.05
        while True:
            try:
                await step()
                return
            except StoreError:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _keep(self) -> None:
        every_s = self._settings.hold_lease_s / 4
        await asyncio.sleep(every_s)
        await repeat(self.tick, every_s, "spend")

    async def tick(self) -> None:
        """Renews the open holds of this process, books those of dead ones, trims the ledger."""
        await self.renew(*self._open)
        await self.sweep()
        await self.ledger.trim()


def _labels(payer: Payer) -> list[str]:
    return sorted(payer.labels - {payer.person, payer.chat})


def _clamped(tokens: int) -> int:
    return min(max(tokens, 0), MOST_TOKENS)


def _believable(request: str, spent: Spent) -> int:
    """The nanos to book: _ALL_HELD where the amount is negative; MOST_BOOKED_NANOS at most."""
    if spent.nanos < 0:
        log.error("spend.absurd", request=request, why="negative")
        return _ALL_HELD
    if spent.nanos > MOST_BOOKED_NANOS:
        log.error("spend.absurd", request=request, why="larger than one request can cost")
        return MOST_BOOKED_NANOS
    return spent.nanos


def _over_budget(
    wanted: Wanted,
    credit: int,
    rooms: Sequence[int],
    caps: Sequence[int],
    held: Sequence[int],
    ends: dict[str, float],
) -> OverBudget:
    """The refusal, with the cap that binds longest and what all caps together leave. A cap that is too small
    even while nothing of it is used binds for ever; one that would have room without what is held, until that
    is settled. `rooms` is what each of `caps` leaves, `held` what is held of it, in the order of _SCOPES; a
    person's credit is added to their own two."""
    least = max(1, wanted.least_nanos)  # what is free finds no room in a cap of 0
    left, short = NO_CAP, []
    for at, (scope, period) in enumerate(_SCOPES):
        more = credit if scope == "person" else 0
        room = max(0, rooms[at]) + more
        left = min(left, room)
        if room < least:
            is_for_ever, is_held = caps[at] + more < least, max(0, rooms[at] + held[at]) + more >= least
            binds = 2 if is_for_ever else 0 if is_held else 1
            short.append((binds, ends[period], -at, scope, period))
    binds, resets_at, _, scope, period = max(short)
    return OverBudget(
        left_nanos=left,
        cost_nanos=wanted.nanos,
        resets_at=resets_at,
        renews=("soon", "yes", "no")[binds],
        scope=scope,
        period=period,
    )
