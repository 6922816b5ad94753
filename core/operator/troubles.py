"""Counts recent errors by kind and minute over all processes, for operators.

Counting never waits and never fails: numbers stay here until `flush`, which a service calls every few
seconds, brings them to the store. Kept are kinds, counts and the last cause; nothing of a person.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from core.errors import BotError, Refused, StoreError
from core.store import Store

_HOUR_MINUTES = 60
_TTL_S = 2 * 3600
_MOST_CAUSE = 200  # characters
_MARK = b"why:"  # besides `KIND = count` a minute has `why:KIND = "AT CAUSE"`
_Place: TypeAlias = tuple[int, str]  # minute since 1970, kind


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of error in the last hour. `kind` is the key of its sentence; `minutes` are the counts of
    each of the last 60 minutes, this one last; `cause` is what the log had to say of the newest."""

    kind: str
    minutes: tuple[int, ...]
    last_at: float  # epoch seconds
    cause: str

    @property
    def count(self) -> int:
        return sum(self.minutes)


class Troubles:
    """Everything but refusals, which are no errors. A kind is one of a few dozen message keys, so that an
    hour is bounded whatever happens in it."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock
        self._new: Counter[_Place] = Counter()
        self._last: dict[_Place, tuple[float, str]] = {}

    def count(self, error: BotError) -> None:
        """Notes that this happened now."""
        if isinstance(error, Refused):
            return
        at = self._clock()
        place = int(at // 60), error.message_key
        self._new[place] += 1
        self._last[place] = at, " ".join(error.cause.split())[:_MOST_CAUSE]

    async def flush(self) -> None:
        """Writes what was counted since. Raises StoreError, and keeps what is not older than the hour."""
        oldest = int(self._clock() // 60) - _HOUR_MINUTES
        counts = Counter({place: count for place, count in self._new.items() if place[0] > oldest})
        last, self._new, self._last = self._last, Counter(), {}
        if not counts:
            return
        try:
            with self._store.guard():
                await self._write(counts, last)
        except StoreError:
            self._new.update(counts)
            self._last = last | self._last
            raise

    async def _write(self, counts: Counter[_Place], last: Mapping[_Place, tuple[float, str]]) -> None:
        async with self._store.redis.pipeline(transaction=True) as pipe:
            for place, count in counts.items():
                minute, kind = place
                at, cause = last[place]
                pipe.hincrby(_key(minute), kind, count)
                pipe.hset(_key(minute), f"why:{kind}", f"{at:.3f} {cause}")
                pipe.expire(_key(minute), _TTL_S)
            await pipe.execute()

    async def last_hour(self) -> tuple[Trouble, ...]:
        """Every kind that was there, the newest first. Raises StoreError."""
        now = int(self._clock() // 60)
        minutes = range(now - _HOUR_MINUTES + 1, now + 1)
        with self._store.guard():
            async with self._store.redis.pipeline(transaction=False) as pipe:
                for minute in minutes:
                    pipe.hgetall(_key(minute))
                found: list[dict[bytes, bytes]] = await pipe.execute()
        kinds = {name for fields in found for name in fields if not name.startswith(_MARK)}
        return tuple(
            sorted((_read(kind, found) for kind in kinds), key=lambda trouble: trouble.last_at, reverse=True)
        )


def _key(minute: int) -> str:
    return f"{{troubles}}:{minute}"


def _read(kind: bytes, found: list[dict[bytes, bytes]]) -> Trouble:
    newest = max(fields[_MARK + kind] for fields in found if _MARK + kind in fields)
    at, _, cause = newest.decode().partition(" ")
    return Trouble(kind.decode(), tuple(int(fields.get(kind, 0)) for fields in found), float(at), cause)
