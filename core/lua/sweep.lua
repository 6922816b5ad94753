-- needs: money accounts periods book
-- ARGV: now ms, most. Books holds as spent whose lease is over: their process is gone, and the money may be, too.
-- Returns their request ids.
local late = redis.call('ZRANGEBYSCORE', '{money}:open', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, request in ipairs(late) do
  local r = close(request)
  if r then
    book('lease', request, r, r.n, r.g, -r.n, 0, 0, 'lease')
    remember(request, r, 'lease')
  else
    redis.call('ZREM', '{money}:open', request)
  end
end
return late
