-- Who shares a purse.

local function find_or_open(name, fresh)
  local id = redis.call('HGET', '{money}:names', name)
  if id then return id end
  id = left_behind(name) or fresh
  open(name, id)
  return id
end

-- Takes a name out of a purse of several. False where it has no other name.
local function part(name, purse)
  local rest, home = {}, account(purse)
  for other in string.gmatch(redis.call('HGET', home, 'who') or '', '%S+') do
    if other ~= name then rest[#rest + 1] = other end
  end
  if #rest == 0 then return false end
  redis.call('HSET', home, 'who', table.concat(rest, ' '))
  return true
end

-- Lets a fresh account begin with what is taken of the caps of an old one (as brought along, not as booked) and
-- with the warnings given, so that leaving is no way to a fresh cap. What is held counts in full: nothing leads
-- from what it will have cost to the fresh one.
local function bring_along(old, fresh, day, month)
  for _, period in ipairs({ day, 'm' .. month }) do
    local taken, warning = used(account(old), period), redis.call('HGET', account(old), 'w' .. period)
    redis.call('HSET', account(fresh), 'c' .. period, taken, 'w' .. period, warning or 0)
  end
end
