-- Starts a lane anew; what is being answered at this moment does not become its latest turn.
-- KEYS: lanes.  ARGV: ttl
for _, lane in ipairs(KEYS) do
  redis.call('HINCRBY', lane, 'epoch', 1)
  redis.call('HDEL', lane, 'ref', 'at', 'model', 'persona', 'model_by', 'persona_by')
  redis.call('EXPIRE', lane, ARGV[1])
end
