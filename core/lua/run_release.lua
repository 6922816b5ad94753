-- KEYS: leases, records. ARGV: refs, each of an answer that has its final state, whoever has it by now.
for i = 1, #ARGV do
  redis.call('ZREM', KEYS[1], ARGV[i], '!' .. ARGV[i])
  redis.call('HDEL', KEYS[2], ARGV[i], '!' .. ARGV[i])
end
