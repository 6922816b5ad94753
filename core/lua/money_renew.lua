-- ARGV: new lease end ms, requests ... Prolongs open holds (never shortens); returns how many are still open.
local open = 0
for at = 2, #ARGV do
  if redis.call('ZSCORE', '{money}:open', ARGV[at]) then
    redis.call('ZADD', '{money}:open', 'XX', 'GT', ARGV[1], ARGV[at])
    open = open + 1
  end
end
return open
