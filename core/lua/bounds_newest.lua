-- Which pictures of one kind have to go, so that nobody fills the store with theirs: the oldest beyond a quarter of
-- its memory, or beyond so many bytes where it has no limit or tells none; and beyond so many of them.
-- KEYS: the kept ones, "SIZE KEY" each by when it came
-- ARGV: now, seconds that they are kept, bytes, how many, then the key and the size of each one that comes now
-- Returns their keys.
for at = 5, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[1], ARGV[at + 1] .. ' ' .. ARGV[at]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
local told, gone = redis.pcall('INFO', 'memory'), {}
local limit = type(told) == 'string' and tonumber(string.match(told, 'maxmemory:(%d+)')) or 0
local left, most = limit > 0 and limit / 4 or tonumber(ARGV[3]), tonumber(ARGV[4])
for at, member in ipairs(redis.call('ZREVRANGE', KEYS[1], 0, -1)) do
  local size, key = string.match(member, '^(%d+) (.+)$')
  left = left - size
  if left < 0 or at > most then
    gone[#gone + 1] = key
    redis.call('ZREM', KEYS[1], member)
  end
end
return gone
