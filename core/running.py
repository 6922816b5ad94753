"""What is being answered now, in all processes: stop it, survive it, wait for it.

Invariant: an answer under way has a record in the store whose lease its process renews. It leaves by
being released (its final state is the adapter's to keep) or, its process gone, by being taken over by
exactly one other process at a time, which repairs what the person sees. A process that only seemed to be gone
learns of it when it renews: what is taken over goes by another name.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from enum import Enum
from importlib import resources
from types import TracebackType
from typing import Self

import msgspec
import structlog

from core.answer import Reply
from core.errors import NotAllowed, StoreError
from core.store import Script, Store
from core.turn import Turn

log = structlog.get_logger(__name__)

LEASE_S = 30.0  # an answer whose process was not heard of for this long is interrupted
LOOK_S = 0.5  # how soon a stop pressed in one process is seen by another
REPAIR_S = 120.0  # how long one process may take to repair an interrupted answer
GIVE_UP_S = 86_400.0  # an interrupted answer that nobody could repair for a day is dropped
SEEN_S = 86_400  # how long the id of a request is remembered
KEEP_S = 172_800  # life of the keys once nothing is written to them any more
STOP_S = 60.0  # how long a stop waits for the process it is meant for
CUT_S = 5.0  # of the grace at shutdown, what is kept for saying that the answer was cut


def _script(name: str) -> Script:
    return Script(resources.files("core").joinpath("lua", f"run_{name}.lua").read_text("utf-8"))


_CLAIM, _RENEW, _RELEASE, _TAKE_OVER, _STOP = map(_script, ("claim", "renew", "release", "take_over", "stop"))


def _key(name: str) -> str:
    """`leases` (when each passes), `records`, `stops` (pressed lately): one slot, so that one script
    sees an answer whole."""
    return f"{{run}}:{name}"


_LEASES, _RECORDS, _STOPS = _key("leases"), _key("records"), _key("stops")


class Why(Enum):
    """Why an answer is to end before the model ends it."""

    PERSON = "person"  # somebody who may pressed stop
    DELETED = "deleted"  # its message is gone
    RESTART = "restart"  # this process goes
    TAKEN = "taken"  # it was stalled, and another process has said that it is gone


class Record(msgspec.Struct, frozen=True):
    """What the store knows of an answer under way: who may stop it, and how to find it again."""

    ref: str
    request: str  # Turn.id, the name of its hold and ledger lines
    command: str
    person: str
    chat: str
    room: str
    locale: str
    address: str
    since: float  # epoch seconds


class Run:
    """An answer of this process. When `stopped` is set, whoever makes it ends it; `why` says the reason."""

    def __init__(self, ref: str, turn: Turn, reply: Reply, since: float) -> None:
        self.ref = ref
        self.turn = turn
        self.reply = reply
        self.since = since
        self.kept_until = since  # by its lease, as far as we know
        self.stopped = asyncio.Event()
        self.why: Why | None = None

    def stop(self, why: Why) -> None:
        if self.why is None:
            self.why = why
            self.stopped.set()

    def record(self) -> Record:
        turn = self.turn
        return Record(
            ref=self.ref,
            request=turn.id,
            command=turn.command,
            person=turn.person.id,
            chat=turn.chat,
            room=turn.room,
            locale=turn.person.locale,
            address=self.reply.address,
            since=self.since,
        )


class Running:
    """The answers under way. One owned task renews the leases, looks for stops pressed elsewhere and
    follows replies whose address changed; it sleeps while this process answers nothing."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float] = time.time,
        *,
        lease_s: float = LEASE_S,
        look_s: float = LOOK_S,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lease_s = lease_s
        self._look_s = look_s
        self._runs: dict[str, Run] = {}
        self._written: dict[str, bytes] = {}
        self._ended: set[str] = set()  # over, but the store was away when we wanted to say so
        self._renewed_at = clock()
        self._cut_at: float | None = None  # by the loop's clock; set once this process goes
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep(), name="running")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeper.cancel()
        await asyncio.wait([self._keeper])

    async def once(self, id: str) -> bool:  # noqa: A002  # the word of Turn.id
        """True the first time this id of a request is seen within a day, in any process."""
        with self._store.guard():
            return bool(await self._store.redis.set(f"seen:{id}", 1, nx=True, ex=SEEN_S))

    @contextlib.asynccontextmanager
    async def claim(self, ref: str, turn: Turn, reply: Reply) -> AsyncIterator[Run]:
        """Registers the answer for as long as the block runs. Raises StoreError before it begins.

        Leaving it by cancellation hands the answer over: whoever looks for interrupted ones finds it at
        once. Leaving it in any other way means that the person was told how it ended.
        """
        run = Run(ref, turn, reply, self._clock())
        run.kept_until = run.since + self._lease_s
        record = msgspec.json.encode(run.record())
        try:
            await self._store.run(_CLAIM, [_LEASES, _RECORDS], [run.kept_until, KEEP_S, ref, record])
        except StoreError:  # only the reply may be lost; what never began is not to be found interrupted
            self._ended.add(ref)
            await self._notify()
            raise
        self._written[ref] = record
        self._runs[ref] = run
        if self._cut_at is not None:  # it was on its way to us when we were told to go
            asyncio.get_running_loop().call_at(self._cut_at, run.stop, Why.RESTART)
        await self._notify()
        ending = self.release
        try:
            yield run
        except asyncio.CancelledError:
            ending = self._hand_over
            raise
        finally:
            try:
                await ending(ref)
            finally:
                del self._runs[ref], self._written[ref]
                await self._notify()

    async def follow(self, ref: str) -> None:
        """The answer's reply moved (its first message is there): whoever finds it interrupted looks there.
        StoreError, after which the keeper does it."""
        if ref in self._runs:
            await self._write({ref: msgspec.json.encode(self._runs[ref].record())})

    async def release(self, ref: str) -> None:
        """The answer, ours or one taken over, has its final state. Never raises: where the store is
        away it is told later."""
        self._ended.add(ref)
        try:
            await self._flush()
        except StoreError as error:
            log.warning("running.release_postponed", ref=ref, cause=error.cause)
            await self._notify()

    async def stop(self, ref: str, turn: Turn) -> bool:
        """Asks the answer to stop, whichever process makes it. False: it is over already.

        Only who asked for it, or a moderator of its chat, may; others raise NotAllowed. StoreError.
        """
        if run := self._runs.get(ref):
            record = run.record()
        elif not (found := await self._find(ref)):
            return False
        else:
            record = found
        if not turn.may_act_for(record.person, record.chat):
            raise NotAllowed("answer-stop-not-yours")
        await self._stop([ref])
        return True

    async def stop_all(self, turn: Turn) -> int:
        """Stops all that this person has under way in this room; how many that were. StoreError."""
        mine = [
            record.ref
            for record in await self.everywhere()
            if record.person == turn.person.id and record.room == turn.room
        ]
        await self._stop(mine)
        return len(mine)

    def lost(self, room: str, message: str) -> bool:
        """A message was deleted: the answer of this process that it showed, if any, is stopped."""
        runs = [run for run in self._runs.values() if run.turn.room == room and message in run.reply.messages]
        for run in runs:
            run.stop(Why.DELETED)
        return bool(runs)

    async def interrupted(self, most: int = 100) -> tuple[Record, ...]:
        """Answers whose process is gone, each given to one caller over all processes.

        The caller repairs what the person sees and then calls `release(ref)`. An answer not released
        within REPAIR_S is given out again: the repairing process may have gone too.
        """
        now = self._clock()
        args: list[str | float] = [now, now + REPAIR_S, most, *self._runs]
        taken = await self._store.run(_TAKE_OVER, [_LEASES, _RECORDS], args)
        records = [msgspec.json.decode(record, type=Record) for record in taken]
        hopeless = [record.ref for record in records if record.since < now - GIVE_UP_S]
        for ref in hopeless:
            await self.release(ref)
        return tuple(record for record in records if record.ref not in hopeless)

    async def leave(self, record: Record) -> None:
        """Gives an interrupted answer back at once: nobody here can show it, somebody else may. StoreError."""
        written = msgspec.json.encode(record)
        await self._store.run(_RENEW, [_LEASES, _RECORDS], [self._clock(), KEEP_S, f"!{record.ref}", written])

    async def everywhere(self) -> tuple[Record, ...]:
        """All answers under way, of every process, oldest first. StoreError."""
        with self._store.guard():
            records = await self._store.redis.hvals(_RECORDS)
        found = (msgspec.json.decode(record, type=Record) for record in records)
        return tuple(sorted(found, key=lambda record: record.since))

    @property
    def ages(self) -> tuple[float, ...]:
        """Seconds since each answer of this process began, oldest first."""
        now = self._clock()
        return tuple(sorted((now - run.since for run in self._runs.values()), reverse=True))

    async def drain(self, grace: float) -> int:
        """Waits until this process answers nothing any more, at most `grace` seconds. Answers that take
        longer, or begin later, are told to stop (Why.RESTART) early enough to say so; how many are left even
        then."""
        cut = min(CUT_S, grace / 2)
        self._cut_at = asyncio.get_running_loop().time() + grace - cut
        if not await self._empty_within(grace - cut):
            for run in list(self._runs.values()):
                run.stop(Why.RESTART)
            await self._empty_within(cut)
        return len(self._runs)

    async def _empty_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: not self._runs)
        except TimeoutError:
            return False
        return True

    async def _stop(self, refs: Iterable[str]) -> None:
        elsewhere = []
        for ref in refs:
            if run := self._runs.get(ref):
                run.stop(Why.PERSON)
            else:
                elsewhere.append(ref)
        if elsewhere:
            now = self._clock()
            await self._store.run(_STOP, [_STOPS], [now, now - STOP_S, int(STOP_S), *elsewhere])

    async def _find(self, ref: str) -> Record | None:
        with self._store.guard():
            record = await self._store.redis.hget(_RECORDS, ref)
        return msgspec.json.decode(record, type=Record) if record else None

    async def _hand_over(self, ref: str) -> None:
        record = msgspec.json.encode(self._runs[ref].record())
        try:
            await self._store.run(_RENEW, [_LEASES, _RECORDS], [self._clock(), KEEP_S, ref, record])
        except StoreError as error:
            log.warning("running.handed_over_late", ref=ref, cause=error.cause)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _keep(self) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._runs or self._ended)
            try:
                await self._flush()
                await self._look()
                await self._renew()
            except StoreError as error:
                log.warning("running.store_away", cause=error.cause, open=len(self._runs))
            await asyncio.sleep(self._look_s)

    async def _flush(self) -> None:
        if ended := list(self._ended):
            await self._store.run(_RELEASE, [_LEASES, _RECORDS], ended)
            self._ended.difference_update(ended)

    async def _look(self) -> None:
        """Stops that were pressed in another process."""
        with self._store.guard():
            pressed = await self._store.redis.zrange(_STOPS, 0, -1)
        for ref in pressed:
            if run := self._runs.get(ref.decode()):
                run.stop(Why.PERSON)

    async def _renew(self) -> None:
        """All leases when it is time, else only the records whose reply moved."""
        records = {ref: msgspec.json.encode(run.record()) for ref, run in self._runs.items()}
        is_due = not 0 <= self._clock() - self._renewed_at < self._lease_s / 3  # the clock may be set back
        wanted = {ref: record for ref, record in records.items() if is_due or record != self._written[ref]}
        if wanted:
            await self._write(wanted)
        if is_due:
            self._renewed_at = self._clock()

    async def _write(self, records: dict[str, bytes]) -> None:
        flat, now = [part for pair in records.items() for part in pair], self._clock()
        gone = await self._store.run(_RENEW, [_LEASES, _RECORDS], [now + self._lease_s, KEEP_S, *flat])
        for run in (self._runs[ref] for ref in records if ref in self._runs):
            if run.ref.encode() not in gone:
                run.kept_until = now + self._lease_s
            elif run.kept_until < now:
                self._taken(run)
        self._written.update((ref, record) for ref, record in records.items() if ref in self._runs)

    def _taken(self, run: Run) -> None:
        """Where the other process knew our message, that is where it said so, and the answer goes on there.
        Else it said so in a message of its own, and ours would be a second one."""
        known = msgspec.json.decode(self._written[run.ref], type=Record).address
        if not run.reply.messages or run.reply.address != known:
            log.warning("running.taken_over", ref=run.ref)
            run.stop(Why.TAKEN)
