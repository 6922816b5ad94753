-- KEYS: leases, records. ARGV: now, end of the new lease, most, then the refs of the one who asks, who lives.
-- Takes what nobody renewed from its process: from here on it goes by another name, so that the process, where
-- it lives, cannot renew it any more. Returns the records.
local own, taken = {}, {}
for i = 4, #ARGV do own[ARGV[i]] = true end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  if not own[name] then
    local record = redis.call('HGET', KEYS[2], name)
    redis.call('ZREM', KEYS[1], name)
    redis.call('HDEL', KEYS[2], name)
    if record then
      name = '!' .. string.gsub(name, '^!', '')
      redis.call('ZADD', KEYS[1], ARGV[2], name)
      redis.call('HSET', KEYS[2], name, record)
      taken[#taken + 1] = record
    end
  end
end
return taken
