-- needs: burst_times
-- Puts a part where it belongs.
-- KEYS: parts, burst, the id's own
-- ARGV: part, id, quiet, stale, how long all is kept, 1 where the part only leads
-- Returns 1 for the one who waits, 0 for the others, -1 where this one has to come again later, or the parts
-- where they were handed out to this id before.
local id, leads = ARGV[2], ARGV[6] == '1'
local home, handed = unpack(redis.call('HMGET', KEYS[3], 'in', 'parts'))
if handed then return cmsgpack.unpack(handed) end

local names = { 'born', 'ends', 'waits', 'joins', 'taken' }
local born, ends, waits, joins, taken = unpack(redis.call('HMGET', KEYS[2], unpack(names)))
if home and (home ~= born or taken) then return 0 end  -- somebody else was handed it
local lives = ends and now <= ends + ARGV[4]
if lives and (taken or leads and not joins and not home) then return -1 end

if taken then redis.call('DEL', KEYS[2]) end
if taken or not born then
  born = at(now)
  redis.call('HSET', KEYS[2], 'born', born)
end
if not lives or waits == id then  -- a new burst, or whoever waited for this one is gone
  waits = id
  redis.call('HSET', KEYS[2], 'waits', id, 'since', at(now))
end
if not leads then redis.call('HSET', KEYS[2], 'joins', 1) end
redis.call('HSET', KEYS[2], 'ends', at(math.max(lives and ends or 0, now + ARGV[3])))
if not home then
  redis.call('RPUSH', KEYS[1], ARGV[1])
  redis.call('HSET', KEYS[3], 'in', born)
end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[5]) end
return waits == id and 1 or 0
