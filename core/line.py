"""The line before the image maker: how many orders are painted at once, and who is next.

A place is leased: whoever waits or paints says so again within LEASE_S, or the place is free.
"""

import time
from collections.abc import Callable

from core.orders import Order
from core.settings import Settings
from core.store import Script, Store

LEASE_S = 30.0
_KEYS = ("{line}:painting", "{line}:waiting", "{line}:leases")
PERMANENT = _KEYS  # they empty themselves: an entry lives no longer than its lease

# KEYS painting waiting leases; ARGV ref person now lease per_person at_once pictures
# Both hashes say "PICTURES since PERSON" by ref. The next is always the waiting order whose person has the
# fewest pictures painted, the oldest of those; nobody overtakes an order that waits for room.
# Replies 0 when `ref` may go on, else its place in the line.
_ENTER = Script("""
local ref, now, per_person, at_once = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[5]), tonumber(ARGV[6])
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  redis.call('ZREM', KEYS[3], old); redis.call('HDEL', KEYS[1], old); redis.call('HDEL', KEYS[2], old)
end
redis.call('ZADD', KEYS[3], now + tonumber(ARGV[4]), ref)
if redis.call('HEXISTS', KEYS[1], ref) == 1 then return 0 end
redis.call('HSETNX', KEYS[2], ref, ARGV[7] .. ' ' .. ARGV[3] .. ' ' .. ARGV[2])
local function read(value)
  local pictures, since, person = string.match(value, '^(%S+) (%S+) (.*)$')
  return tonumber(pictures), tonumber(since), person
end
local painted, used = {}, 0
for _, value in ipairs(redis.call('HVALS', KEYS[1])) do
  local pictures, _, person = read(value)
  painted[person] = (painted[person] or 0) + pictures; used = used + pictures
end
local line, all = {}, redis.call('HGETALL', KEYS[2])
for at = 1, #all, 2 do
  local pictures, since, person = read(all[at + 1])
  line[#line + 1] = {all[at], painted[person] or 0, since, pictures}
end
table.sort(line, function(a, b)
  if a[2] ~= b[2] then return a[2] < b[2] end
  if a[3] ~= b[3] then return a[3] < b[3] end
  return a[1] < b[1]
end)
local place = 0
for _, entry in ipairs(line) do
  local own, pictures = entry[2], entry[4]
  local fits = (own == 0 or own + pictures <= per_person) and (used == 0 or used + pictures <= at_once)
  if entry[1] == ref and fits then
    redis.call('HDEL', KEYS[2], ref)
    redis.call('HSET', KEYS[1], ref, ARGV[7] .. ' ' .. ARGV[3] .. ' ' .. ARGV[2])
    return 0
  end
  if fits then used = used + pictures else place = place + 1 end
  if entry[1] == ref then return place end
  if not fits and (own == 0 or own + pictures <= per_person) then used = at_once end
end
return 1
""")
_LEAVE = Script(
    "for i = 1, 2 do redis.call('HDEL', KEYS[i], ARGV[1]) end return redis.call('ZREM', KEYS[3], ARGV[1])"
)


class Line:
    """One line for all processes."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._store, self._settings, self._clock = store, settings, clock

    async def enter(self, order: Order) -> int:
        """0 when the order may be painted now, else its place. To be called again within LEASE_S, while
        waiting and while painting. Raises StoreError."""
        limits = (self._settings.image_jobs_per_user, self._settings.image_jobs_at_once)
        args = (order.ref, order.person, self._clock(), LEASE_S, *limits, len(order.pieces))
        return int(await self._store.run(_ENTER, _KEYS, args))

    async def leave(self, ref: str) -> None:
        """Raises StoreError; the lease ends all the same."""
        await self._store.run(_LEAVE, _KEYS, (ref,))

    async def counts(self) -> tuple[int, int]:
        """How many orders are being painted, and how many wait."""
        with self._store.guard():
            return await self._store.redis.hlen(_KEYS[0]), await self._store.redis.hlen(_KEYS[1])
