-- Whose account, and which caps.

-- The account of a name that goes by none: to whoever was forgotten a keyed hash leads until the month ends, to an
-- account that has nothing but what is taken of their caps, and that is opened like any other once they are back.
local function left_behind(name)
  local pepper = redis.call('HGET', '{money}:forgotten', 'pepper')
  return pepper and redis.call('HGET', '{money}:forgotten', redis.sha1hex(pepper .. name))
end

local function open(name, id)
  redis.call('HSET', '{money}:names', name, id)
  redis.call('HSET', account(id), 'who', name)
  redis.call('PERSIST', account(id))
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
