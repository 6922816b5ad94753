-- needs: burst_times
-- KEYS: burst
-- ARGV: stale
-- Returns who waits for it, and 1 where anything may join it; nothing where there is none.
local ends, waits, joins, taken = unpack(redis.call('HMGET', KEYS[1], 'ends', 'waits', 'joins', 'taken'))
if not ends or now > ends + ARGV[1] then return {} end
return { waits, joins and not taken and 1 or 0 }
