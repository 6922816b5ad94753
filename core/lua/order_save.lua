-- Saves a record, unless another process changed it in between.
-- KEYS: record, open, index, aside
-- ARGV: old version, new version, record, TTL, ref, due ("" = over), made at, 1 where it is aside, mark (of what
--   the record says; sealed twice it is not the same bytes)
-- Returns 1 where the record says now what it should, else 0.
local found = redis.call('HMGET', KEYS[1], 'version', 'mark')
if (found[1] or '0') ~= ARGV[1] then return found[2] == ARGV[9] and 1 or 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'record', ARGV[3], 'mark', ARGV[9])
redis.call('ZREM', KEYS[2], ARGV[5])
if ARGV[6] ~= '' then redis.call('ZADD', KEYS[2], ARGV[6], ARGV[5]) end
redis.call('ZADD', KEYS[3], ARGV[7], ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[7] - ARGV[4])
redis.call(ARGV[8] == '1' and 'SADD' or 'SREM', KEYS[4], ARGV[5])
for _, key in ipairs({ KEYS[1], KEYS[3], KEYS[4] }) do redis.call('EXPIRE', key, ARGV[4]) end
return 1
