-- needs: money_base
-- ARGV: for how many ms entries are kept, most. Folds the oldest ledger entries into their accounts' opening
-- balances and drops them, in one step: an account's total stays opening balance + ledger. The rows of their days
-- go along, which would not be the sums of what is left. Lines of the trail that are as old go, too. Returns how
-- many entries.
-- Their age is by the clock that dated them: by that of a process which runs ahead all would be too old.
local before = string.format('%.0f', math.max(1, redis.call('TIME')[1] * 1000 - ARGV[1]))
redis.call('XTRIM', '{money}:trail', 'MINID', '=', before)
local old = redis.call('XRANGE', '{money}:ledger', '-', '(' .. before .. '-0', 'COUNT', ARGV[2])
if #old == 0 then return 0 end
local day = num(redis.call('HGET', '{money}:trimmed', 'day'))
for _, entry in ipairs(old) do
  local line = cmsgpack.unpack(entry[2][2])
  local purse, chat, booked_to, booked, credit = line[3], line[4], line[7], line[8], line[9]
  if booked ~= 0 then
    for _, id in ipairs({ follow(purse), chat, 'all' }) do
      if id ~= '' then redis.call('HINCRBY', account(id), 'o', booked) end
    end
  end
  if credit ~= 0 then redis.call('HINCRBY', account(follow(purse)), 'og', credit) end
  redis.call('UNLINK', '{money}:rows:' .. booked_to)
  day = math.max(day, num(booked_to))
end
local last = old[#old][1]
local ms, number = string.match(last, '^(%d+)-(%d+)$')
redis.call('XTRIM', '{money}:ledger', 'MINID', '=', ms .. '-' .. string.format('%.0f', number + 1))
redis.call('HSET', '{money}:trimmed', 'day', day, 'id', last)
return #old
