-- Leaves an alert to those who send them, unless it is quiet.
-- KEYS: quiet mark, then a list for each platform
-- ARGV: quiet seconds, the alert, seconds that a list is kept, most of it
if not redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then return end
for number = 2, #KEYS do
  redis.call('RPUSH', KEYS[number], ARGV[2])
  redis.call('LTRIM', KEYS[number], -ARGV[4], -1)
  redis.call('EXPIRE', KEYS[number], ARGV[3])
end
