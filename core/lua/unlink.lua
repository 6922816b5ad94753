-- needs: money people
-- ARGV: name, fresh id, day, month. Takes a name out of a purse of several. The new purse begins with what
-- was used of the caps (as brought along, not as booked), so that parting is no way to a fresh cap.
local purse = find(ARGV[1])
local who = purse and redis.call('HGET', account(purse), 'who') or ''
local rest, is_in = {}, false
for name in string.gmatch(who, '%S+') do
  if name == ARGV[1] then is_in = true else rest[#rest + 1] = name end
end
if not is_in or #rest == 0 then return 0 end
local home, new = account(purse), account(ARGV[2])
redis.call('HSET', home, 'who', table.concat(rest, ' '))
redis.call('HSET', '{money}:names', ARGV[1], ARGV[2])
redis.call('HSET', new, 'who', ARGV[1], 'from', purse)
for _, period in ipairs({ ARGV[3], 'm' .. ARGV[4] }) do
  local v = redis.call('HMGET', home, period, 'h' .. period, 'g' .. period, 'c' .. period)
  redis.call('HSET', new, 'c' .. period, num(v[1]) + num(v[2]) - num(v[3]) + num(v[4]))
end
redis.call('XADD', '{money}:trail', '*', 'by', ARGV[2], 'what', 'unlink', 'who', purse, 'value', '', 'note', '')
return 1
