"""How long image jobs take, learned by kind, and when to poll one.

A poll costs a call and a late poll costs the person's time, so the first comes when a job of its kind is
likely done, then closely, and further apart later.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.store import Store

_TTL_S = 30 * 86_400
_SAMPLES = 48  # durations remembered for one kind of order
_CLOSEST_S, _CLOSE_S, _FAR_S = 0.4, 1.2, 15.0


@dataclass(frozen=True, slots=True)
class Expected:
    """When orders of one kind tend to be done, in seconds; `soonest` and `usual` are 0 while unknown."""

    soonest: float = 0.0
    usual: float = 0.0
    spread: float = 0.0

    @property
    def close(self) -> float:
        """Seconds between polls while the job may be done at any moment."""
        return min(max(self.spread / 4, _CLOSEST_S), _CLOSE_S)


def _times_key(kind: str) -> str:
    return f"orders:times:{kind}"


class Timing:
    """The durations in the store. Its keys live _TTL_S after the last order of their kind."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn(self, kind: str, seconds: float) -> None:
        """Remembers how long a picture of this kind took."""
        key = _times_key(kind)
        with self._store.guard():
            async with self._store.redis.pipeline(transaction=True) as pipe:
                pipe.lpush(key, f"{max(0.0, seconds):.2f}")
                pipe.ltrim(key, 0, _SAMPLES - 1)
                pipe.expire(key, _TTL_S)
                await pipe.execute()

    async def expected(self, kind: str) -> Expected:
        with self._store.guard():
            samples = await self._store.redis.lrange(_times_key(kind), 0, -1)
        return expect(sorted(map(float, samples)))


def expect(samples: Sequence[float]) -> Expected:
    """What sorted durations say: nearly the soonest, the median, and the spread of the middle half."""
    if not samples:
        return Expected()
    count = len(samples)
    low, half, high = (samples[min(count - 1, int(count * share))] for share in (0.25, 0.5, 0.75))
    return Expected(soonest=samples[count // 20], usual=half, spread=high - low)


def next_poll(expected: Expected, elapsed: float) -> float:
    """Seconds until the next poll of a job that is `elapsed` seconds old and was not done.

    Where nothing is known yet, polls come closely from the first second on.
    """
    if elapsed < expected.soonest:
        return expected.soonest - elapsed + 0.1
    if elapsed < max(expected.usual * 2, 30.0):
        return expected.close
    return min(expected.close + elapsed / 30, _FAR_S)


def took(expected: Expected, before: float, found: float) -> float:
    """How long a job took that was done when it was `found` seconds old, and not yet when it was `before`
    (0: there was no poll before). Without the correction each poll would teach the next to come later."""
    return (before + found) / 2 if before else max(0.0, found - expected.close)
