-- Reads pictures and keeps them longer.
-- KEYS: pictures, then one for each.  ARGV: now, ttl, then the id of each
local found = {}
for number = 2, #KEYS do
  found[number - 1] = redis.call('GETEX', KEYS[number], 'EX', ARGV[2])
  if found[number - 1] then redis.call('ZADD', KEYS[1], 'XX', ARGV[1], ARGV[number + 1]) end
end
return found
