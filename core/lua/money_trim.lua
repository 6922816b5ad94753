-- needs: money_base
-- ARGV: before ms, most. Folds the oldest ledger entries into their accounts' opening balances and drops
-- them, in one step: an account's total stays opening balance + ledger. Returns how many.
local old = redis.call('XRANGE', '{money}:ledger', '-', '(' .. ARGV[1] .. '-0', 'COUNT', ARGV[2])
if #old == 0 then return 0 end
local day = num(redis.call('HGET', '{money}:trimmed', 'day'))
for _, entry in ipairs(old) do
  local v, fields = {}, entry[2]
  for at = 1, #fields, 2 do v[fields[at]] = fields[at + 1] end
  if num(v.n) ~= 0 then
    for _, id in ipairs({ follow(v.u), v.c, 'all' }) do
      if id ~= '' then redis.call('HINCRBY', account(id), 'o', v.n) end
    end
  end
  if num(v.g) ~= 0 then redis.call('HINCRBY', account(follow(v.u)), 'og', v.g) end
  day = math.max(day, num(v.d))
end
local last = old[#old][1]
local ms, number = string.match(last, '^(%d+)-(%d+)$')
redis.call('XTRIM', '{money}:ledger', 'MINID', '=', ms .. '-' .. string.format('%.0f', number + 1))
redis.call('HSET', '{money}:trimmed', 'day', day, 'id', last)
return #old
