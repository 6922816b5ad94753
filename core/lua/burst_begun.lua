-- What was handed out to an id has begun: what comes next need not wait, and the parts are not needed again.
-- KEYS: burst, the id's own
-- ARGV: id
if redis.call('HGET', KEYS[1], 'waits') == ARGV[1] then redis.call('DEL', KEYS[1]) end
redis.call('HDEL', KEYS[2], 'parts')
