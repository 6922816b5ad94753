-- Lets messages lead back to an exchange, which need not be there yet.
-- KEYS: links, used.  ARGV: now, ttl, ref, most messages, then the messages
local known = {}
for message in string.gmatch(redis.call('HGET', KEYS[1], '=' .. ARGV[3]) or '', '[^\n]+') do
  known[#known + 1] = message
end
for number = 5, #ARGV do
  if #known >= tonumber(ARGV[4]) then break end
  if redis.call('HGET', KEYS[1], ARGV[number]) ~= ARGV[3] then
    known[#known + 1] = ARGV[number]
    redis.call('HSET', KEYS[1], ARGV[number], ARGV[3])
  end
end
redis.call('HSET', KEYS[1], '=' .. ARGV[3], table.concat(known, '\n'))
redis.call('ZADD', KEYS[2], 'NX', ARGV[1], ARGV[3])  -- so that it is dropped like every other
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
