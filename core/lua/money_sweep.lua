-- needs: money_base money_accounts money_periods money_book
-- ARGV: now ms, most. Books holds as spent whose lease is over: their process is gone, and the money may be, too.
-- Returns request, kind, payer (names, or the account where they were forgotten) and nanos of each, flat.
local late, booked = redis.call('ZRANGEBYSCORE', '{money}:open', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2]), {}
for _, request in ipairs(late) do
  local r = known(request)
  close(request)
  if r and r.s == 'open' then
    book('lease', request, r, r.n, r.g, -r.n, 0, 0, 'lease')
    remember(request, r, 'lease')
    for _, fact in ipairs({ request, r.k, redis.call('HGET', account(follow(r.u)), 'who') or r.u, r.n }) do
      booked[#booked + 1] = fact
    end
  end
end
return booked
