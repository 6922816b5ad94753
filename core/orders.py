"""The record of an image order: everything any process needs to bring it to its end.

An order is one request for one to four pictures. Its pieces are paid and painted one by one and
delivered together. What a record says has happened has happened; what it does not say may have.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from core.minitool.wire import ImageOrder, Job
from core.settings import Settings
from core.store import Script, Store

PICTURE_TTL_S = 24 * 3600  # how long a made picture waits to be delivered, and for "as a file"
_TIMES_TTL_S = 30 * 24 * 3600
_SAMPLES = 48  # durations remembered for one kind of order

# KEYS active waiting; ARGV ref person now lease per_person at_once
# Admits the waiting order whose person has the fewest active ones, the oldest first. Replies 0 when
# `ref` may go on, else its place in the line.
_ENTER = Script("""
local now, lease = tonumber(ARGV[3]), tonumber(ARGV[4])
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  redis.call('ZREM', KEYS[3], old); redis.call('HDEL', KEYS[1], old); redis.call('HDEL', KEYS[2], old)
end
redis.call('ZADD', KEYS[3], now + lease, ARGV[1])
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 0 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. '\\n' .. ARGV[3])
end
local active, total = {}, 0
for _, person in ipairs(redis.call('HVALS', KEYS[1])) do
  active[person] = (active[person] or 0) + 1; total = total + 1
end
local line, all = {}, redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  local person, since = string.match(all[i + 1], '^(.*)\\n([^\\n]*)$')
  line[#line + 1] = {all[i], active[person] or 0, tonumber(since), person}
end
table.sort(line, function(a, b)
  if a[2] ~= b[2] then return a[2] < b[2] end
  if a[3] ~= b[3] then return a[3] < b[3] end
  return a[1] < b[1]
end)
local place = 0
for i, entry in ipairs(line) do if entry[1] == ARGV[1] then place = i end end
local free = tonumber(ARGV[6]) - total
if place <= free and line[place][2] < tonumber(ARGV[5]) then
  redis.call('HDEL', KEYS[2], ARGV[1]); redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  return 0
end
return math.max(place - math.max(free, 0), 1)
""")
_LEAVE = Script(
    "for i = 1, 2 do redis.call('HDEL', KEYS[i], ARGV[1]) end return redis.call('ZREM', KEYS[3], ARGV[1])"
)
_LINE = ("{orders}:active", "{orders}:waiting", "{orders}:leases")
PERMANENT = _LINE  # hashes that empty themselves: an entry lives no longer than its lease


class State(StrEnum):
    """How far one piece is. The order of the names is the order of the steps."""

    INTENT = "intent"  # money is held, nothing was sent
    SUBMITTING = "submitting"  # the order is on the wire; after a crash its fate is unknown
    SUBMITTED = "submitted"
    FETCHED = "fetched"  # the picture is in the store and settled
    FAILED = "failed"
    LATE = "late"  # past its deadline; still looked for, and free if it comes
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in (State.INTENT, State.SUBMITTING, State.SUBMITTED)


class Piece(msgspec.Struct, frozen=True):
    """One picture of an order. `request` is its id in the ledger."""

    request: str
    state: State = State.INTENT
    job_id: str = ""
    signature: str = ""
    submitted_at: float = 0.0
    media_type: str = ""

    @property
    def job(self) -> Job:
        return Job(self.job_id, self.signature)


class Wish(msgspec.Struct, frozen=True):
    """What is to be painted, as it was asked for."""

    model: str
    prompt: str
    negative: str = ""
    scheduler: str = "DPM++ SDE"
    steps: int = 4
    cfg: float = 2.0
    width: int = 1024
    height: int = 1024
    count: int = 1
    spoiler: bool = False

    def order(self) -> ImageOrder:
        return ImageOrder(
            model=self.model,
            prompt=self.prompt,
            negative=self.negative,
            scheduler=self.scheduler,
            steps=self.steps,
            cfg=self.cfg,
            width=self.width,
            height=self.height,
        )

    @property
    def kind(self) -> str:
        """Orders of one kind take about the same time."""
        return f"{self.model}:{self.steps}:{round(self.width * self.height / 2**18)}"


class Order(msgspec.Struct, frozen=True):
    """One order. `address` reopens the message that said "queued"."""

    ref: str
    person: str
    chat: str
    room: str
    locale: str
    address: str
    wish: Wish
    price_nanos: int
    made_at: float
    pieces: tuple[Piece, ...]
    delivered: bool = False
    labels: tuple[str, ...] = ()  # for caps that hang on a label

    @property
    def platform(self) -> str:
        return self.address.partition(":")[0]

    @property
    def request(self) -> str:
        """The id of the turn that ordered it."""
        return self.pieces[0].request.rpartition("#")[0]


@dataclass(frozen=True, slots=True)
class Expected:
    """When orders of one kind tend to be done, in seconds; `soonest` and `usual` are 0 while unknown."""

    soonest: float = 0.0
    usual: float = 0.0
    spread: float = 0.0


def order_key(ref: str) -> str:
    return f"{{order:{ref}}}"


def picture_key(ref: str, number: int) -> str:
    return f"{{order:{ref}}}:picture:{number}"


def waiting_key(person: str) -> str:
    return f"orders:undelivered:{person}"


def index_key(person: str) -> str:
    return f"orders:of:{person}"


def times_key(kind: str) -> str:
    return f"orders:times:{kind}"


class Orders:
    """Orders in the store. Every key but the line's lives at most settings.image_history_days."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.store, self.settings, self.clock = store, settings, clock

    async def save(self, order: Order) -> None:
        """Raises StoreError; the order is durable when this returns (as durable as the store)."""
        with self.store.guard():
            await self.store.redis.set(
                order_key(order.ref),
                msgspec.json.encode(order),
                ex=int(self.settings.image_history_days * 86400),
            )

    async def find(self, ref: str) -> Order | None:
        with self.store.guard():
            found = await self.store.redis.get(order_key(ref))
        return msgspec.json.decode(found, type=Order) if found else None

    async def save_piece(self, order: Order, number: int, piece: Piece) -> Order:
        """The order with one piece changed, saved."""
        pieces = (*order.pieces[:number], piece, *order.pieces[number + 1 :])
        changed = msgspec.structs.replace(order, pieces=pieces)
        await self.save(changed)
        return changed

    async def keep_picture(self, ref: str, number: int, data: bytes) -> None:
        with self.store.guard():
            await self.store.redis.set(picture_key(ref, number), data, ex=PICTURE_TTL_S)

    async def find_picture(self, ref: str, number: int) -> bytes | None:
        with self.store.guard():
            found: bytes | None = await self.store.redis.get(picture_key(ref, number))
        return found

    async def enter(self, order: Order, lease_s: float) -> int:
        """0 when the order may be painted now, else its place in the line. To be called again within
        `lease_s` while waiting and while painting."""
        limits = (self.settings.image_jobs_per_user, self.settings.image_jobs_at_once)
        args = (order.ref, order.person, self.clock(), lease_s, *limits)
        return int(await self.store.run(_ENTER, _LINE, args))

    async def leave(self, ref: str) -> None:
        await self.store.run(_LEAVE, _LINE, (ref,))

    async def in_line(self) -> tuple[int, int]:
        """How many orders are being painted, and how many wait."""
        with self.store.guard():
            return await self.store.redis.hlen(_LINE[0]), await self.store.redis.hlen(_LINE[1])

    async def open(self, most: int = 200) -> tuple[Order, ...]:
        """Orders that are being painted or wait, at most so many, in no order."""
        with self.store.guard():
            painting, waiting = await self.store.redis.hkeys(_LINE[0]), await self.store.redis.hkeys(_LINE[1])
        found = [await self.find(ref.decode()) for ref in (*painting, *waiting)[:most]]
        return tuple(order for order in found if order)

    async def learn(self, kind: str, seconds: float) -> None:
        """Remembers how long a picture of this kind took."""
        key = times_key(kind)
        with self.store.guard():
            async with self.store.redis.pipeline(transaction=True) as pipe:
                pipe.lpush(key, f"{seconds:.2f}")
                pipe.ltrim(key, 0, _SAMPLES - 1)
                pipe.expire(key, _TIMES_TTL_S)
                await pipe.execute()

    async def expected(self, kind: str) -> Expected:
        with self.store.guard():
            samples = sorted(float(one) for one in await self.store.redis.lrange(times_key(kind), 0, -1))
        return expect(samples)

    async def set_aside(self, order: Order) -> None:
        """Keeps an undeliverable order for the person's next visit."""
        key = waiting_key(order.person)
        with self.store.guard():
            async with self.store.redis.pipeline(transaction=True) as pipe:
                pipe.rpush(key, order.ref)
                pipe.expire(key, PICTURE_TTL_S)
                await pipe.execute()

    async def pop_set_aside(self, person: str) -> Order | None:
        """One order that waits for this person, taken out of the list."""
        with self.store.guard():
            ref = await self.store.redis.lpop(waiting_key(person))
        return await self.find(ref.decode()) if ref else None

    async def forget(self, person: str) -> int:
        """Erases a person's orders with their prompts and pictures; how many there were."""
        with self.store.guard():
            refs = [ref.decode() for ref in await self.store.redis.zrange(index_key(person), 0, -1)]
            for ref in refs:
                pictures = (picture_key(ref, number) for number in range(4))
                await self.store.redis.delete(order_key(ref), *pictures)
            for key in (index_key(person), waiting_key(person)):
                await self.store.redis.delete(key)
        return len(refs)

    async def of(self, person: str) -> tuple[Order, ...]:
        """A person's orders that are still known, oldest first."""
        with self.store.guard():
            refs = await self.store.redis.zrange(index_key(person), 0, -1)
        found = [await self.find(ref.decode()) for ref in refs]
        return tuple(order for order in found if order)


def expect(samples: Sequence[float]) -> Expected:
    """What sorted durations say: nearly the soonest, the median, and the spread of the middle half."""
    if not samples:
        return Expected()
    count = len(samples)
    low, half, high = (samples[min(count - 1, int(count * share))] for share in (0.25, 0.5, 0.75))
    return Expected(soonest=samples[count // 20], usual=half, spread=high - low)


def next_look(expected: Expected, elapsed: float) -> float:
    """Seconds until the next look at a job: none before it is likely done, closely then, further apart later.

    Where nothing is known yet, looks come closely from the first second on.
    """
    close = min(max(expected.spread / 4, 0.4), 1.2)
    if elapsed < expected.soonest:
        return expected.soonest - elapsed + 0.1
    if elapsed < max(expected.usual * 2, 30.0):
        return close
    return min(close + elapsed / 30, 15.0)


def with_state(piece: Piece, state: State) -> Piece:
    return msgspec.structs.replace(piece, state=state)
