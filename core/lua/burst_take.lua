-- needs: burst_times
-- Hands the parts out to the one who waits, when nothing follows any more.
-- KEYS: parts, burst, the id's own
-- ARGV: id, longest, most, how long the whole may take to begin
-- Returns the milliseconds still to wait, or the parts; none where another one waits by now.
local since, ends, waits, taken = unpack(redis.call('HMGET', KEYS[2], 'since', 'ends', 'waits', 'taken'))
if waits ~= ARGV[1] or taken then return {} end
local left = math.min(ends, since + ARGV[2]) - now
if left > 0 and redis.call('LLEN', KEYS[1]) < tonumber(ARGV[3]) then return math.ceil(left * 1000) end

local parts = redis.call('LRANGE', KEYS[1], 0, -1)
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[2], 'taken', 1, 'ends', at(now + ARGV[4]))
redis.call('HSET', KEYS[3], 'parts', cmsgpack.pack(parts))
return parts
