-- needs: ratelimit_gcra
-- KEYS: when the next try is due in theory
-- ARGV: now ms, interval ms, burst ms, 1 where it counts
-- Returns 0, or ms to wait.
local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due = due_at(KEYS[1], now, burst)
local wait = due + interval - burst - now
if wait > 0 then return wait end
if ARGV[4] == '1' then redis.call('SET', KEYS[1], due + interval, 'PX', burst + interval) end
return 0
