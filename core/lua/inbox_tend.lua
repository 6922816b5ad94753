-- Renews what is ours, and takes over what others left behind.
-- KEYS: leases, bodies, taken:
-- ARGV: lease, most, how long it is known who took what over, me, ids of ours
-- Returns id, body, id, body of what was left behind; `taken:ID` says whose that is now.
local now, left = redis.call('TIME')[1], {}
for i = 5, #ARGV do redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[i]) end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])) do
  local body = redis.call('HGET', KEYS[2], id)
  if body then
    redis.call('ZADD', KEYS[1], now + ARGV[1], id)
    redis.call('SET', KEYS[3] .. id, ARGV[4], 'EX', ARGV[3])
    left[#left + 1] = id
    left[#left + 1] = body
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return left
