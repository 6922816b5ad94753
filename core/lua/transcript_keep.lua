-- Keeps a picture, and no more of them than there may be.
-- KEYS: the list that names them, the picture, entries
-- ARGV: id, picture, TTL ms, most pictures, key prefix of pictures (in the list's slot), the entry that it is for
--   or ""
if ARGV[6] ~= '' and redis.call('HEXISTS', KEYS[3], ARGV[6]) == 0 then return end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
while redis.call('LLEN', KEYS[1]) > tonumber(ARGV[4]) do
  redis.call('DEL', ARGV[5] .. redis.call('LPOP', KEYS[1]))
end
