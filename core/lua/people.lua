-- Whose account, and which caps.

-- The account that a name goes by, nil if it has none. Whoever was forgotten is still known by a keyed
-- hash until the month ends, so that being forgotten is no way to a fresh cap.
local function find(name)
  local id = redis.call('HGET', '{money}:names', name)
  if id then return id end
  local pepper = redis.call('HGET', '{money}:forgotten', 'pepper')
  id = pepper and redis.call('HGET', '{money}:forgotten', redis.sha1hex(pepper .. name))
  return id and follow(id) or nil
end

local function open(name, fresh)
  redis.call('HSET', '{money}:names', name, fresh)
  redis.call('HSET', account(fresh), 'who', name)
end

local function find_or_open(name, fresh)
  local id = find(name)
  if not id then open(name, fresh) end
  return id or fresh
end

-- Chats that are one person's alone, by the person: their names say who that is.
local function note_alone(person, chat)
  local known = redis.call('HGET', '{money}:alone', person)
  if known and string.find(' ' .. known .. ' ', ' ' .. chat .. ' ', 1, true) then return end
  redis.call('HSET', '{money}:alone', person, known and known .. ' ' .. chat or chat)
end

local function better(a, b)  -- of two caps, of which -1 is none
  if a < 0 or b < 0 then return -1 end
  return math.max(a, b)
end

-- Caps in force, in place of the defaults. Overrides are "DAY MONTH" in one hash, "-" = not overridden,
-- -1 = off. The best override of the person's names and labels stands in for the default, even where it is
-- lower.
local function override(caps, person, purse, chat_name, labels)
  if redis.call('EXISTS', '{money}:caps') == 0 then return end
  local wanted = { 'all', 'chat:' .. chat_name, 'person:' .. person }
  for name in string.gmatch(redis.call('HGET', account(purse), 'who') or '', '%S+') do
    wanted[#wanted + 1] = 'person:' .. name
  end
  for _, label in ipairs(labels) do wanted[#wanted + 1] = 'role:' .. label end
  local found, own = redis.call('HMGET', '{money}:caps', unpack(wanted)), {}
  for at, value in ipairs(found) do
    local day, month = string.match(value or '- -', '^(%S+) (%S+)$')
    for period, cap in ipairs({ tonumber(day) or false, tonumber(month) or false }) do
      if cap and at == 1 then caps[4 + period] = cap end
      if cap and at == 2 then caps[2 + period] = cap end
      if cap and at > 2 then own[period] = own[period] and better(own[period], cap) or cap end
    end
  end
  caps[1], caps[2] = own[1] or caps[1], own[2] or caps[2]
end

-- Takes a name out of a purse of several. The fresh one begins with what was used of the caps (as brought along,
-- not as booked), so that parting is no way to a fresh cap. False where the purse has no other name.
local function part(name, purse, fresh, day, month)
  local rest, home = {}, account(purse)
  for other in string.gmatch(redis.call('HGET', home, 'who') or '', '%S+') do
    if other ~= name then rest[#rest + 1] = other end
  end
  if #rest == 0 then return false end
  redis.call('HSET', home, 'who', table.concat(rest, ' '))
  for _, period in ipairs({ day, 'm' .. month }) do
    local v = redis.call('HMGET', home, period, 'h' .. period, 'g' .. period, 'c' .. period)
    redis.call('HSET', account(fresh), 'c' .. period, num(v[1]) + num(v[2]) - num(v[3]) + num(v[4]))
  end
  return true
end
