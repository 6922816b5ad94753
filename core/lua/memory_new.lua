-- Takes a head off its exchange; what is being answered at this moment does not get it.
-- KEYS: heads.  ARGV: ttl
for _, head in ipairs(KEYS) do
  redis.call('HINCRBY', head, 'epoch', 1)
  redis.call('HDEL', head, 'ref', 'at', 'model', 'persona', 'model_by', 'persona_by')
  redis.call('EXPIRE', head, ARGV[1])
end
