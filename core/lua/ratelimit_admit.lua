-- needs: ratelimit_gcra
-- KEYS: slots (member = request, score = end of its lease), when the next request is due in theory
-- ARGV: now ms, slot, lease ms, most slots, interval ms, burst ms
-- Returns {1, 0} in · {0, ms to wait} too fast · {0, -1} too many at once. A refusal uses up nothing.
local now, lease, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[5]), tonumber(ARGV[6])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return { 0, -1 } end
local due = due_at(KEYS[2], now, burst)
local wait = due + interval - burst - now
if wait > 0 then return { 0, wait } end
redis.call('SET', KEYS[2], due + interval, 'PX', burst + interval)
redis.call('ZADD', KEYS[1], now + lease, ARGV[2])
redis.call('PEXPIRE', KEYS[1], lease)
return { 1, 0 }
