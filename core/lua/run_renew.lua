-- KEYS: leases, records. ARGV: end of the leases, life of the keys, then ref and record of each.
-- A renewal may overtake the release of the same answer: what is no longer there stays away.
-- Returns the refs of what is no longer there.
local gone = {}
-- First: a full store lets a script go on that began with this. Else others would take the living for dead.
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
for i = 3, #ARGV, 2 do
  if redis.call('ZSCORE', KEYS[1], ARGV[i]) then
    redis.call('ZADD', KEYS[1], ARGV[1], ARGV[i])
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
  else
    gone[#gone + 1] = ARGV[i]
  end
end
return gone
