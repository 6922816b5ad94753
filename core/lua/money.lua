-- What every money script shares; the other files are appended to this one.
--
-- An account is a purse (of one or more linked people), a chat, or "all" (everybody). It is one small
-- hash whose field names roll over with the calendar, so that it stays in its compact encoding:
--   20781            booked on that day (days since 1970)      m24323          booked in that month
--   h…               held                                      m24323/MODEL    of which this model
--   g…               of the booked: paid from extra credit     t               booked, ever
--   c…               brought along at an unlink                credit          extra credit left
--   w…               the warning given (75, 90)                o, og           folded ledger: booked, credit
--   who              the names it goes by                      to              merged into that account
--   held             extra credit in open holds                from            unlinked from that account
-- "…" stands for a day or a month. What caps count is booked - g + h + c.
--
-- Numbers are doubles here: exact below 2^53 nanos (9 million dollars), nine times the largest cap.
local root = KEYS[1]
local NO_CAP = 9007199254740991
local KEEP_DAYS, KEEP_MONTHS = 35, 13

local function key(name) return root .. ':' .. name end
local function account(id) return key('a:' .. id) end
local HOLDS, OPEN, NAMES, FORGOTTEN = key('holds'), key('open'), key('names'), key('forgotten')
local LEDGER, TRIMMED, CAPS, TRAIL = key('ledger'), key('trimmed'), key('caps'), key('trail')

local function num(value) return tonumber(value or '0') end

-- An account that was merged leads to the one that took it in.
local function follow(id)
  local to = redis.call('HGET', account(id), 'to')
  while to do
    id = to
    to = redis.call('HGET', account(id), 'to')
  end
  return id
end

-- The account that a name goes by, nil if it has none. Whoever was forgotten is still known by a keyed
-- hash until the month ends, so that being forgotten is no way to a fresh cap.
local function find(name)
  local id = redis.call('HGET', NAMES, name)
  if id then return id end
  local pepper = redis.call('HGET', FORGOTTEN, 'pepper')
  id = pepper and redis.call('HGET', FORGOTTEN, redis.sha1hex(pepper .. name))
  return id and follow(id) or nil
end

local function find_or_open(name, fresh)
  local id = find(name)
  if not id then
    id = fresh
    redis.call('HSET', NAMES, name, id)
    redis.call('HSET', account(id), 'who', name)
  end
  return id
end

local function newest(numbers, count)  -- the oldest of the `count` newest; 0 while there are fewer
  table.sort(numbers, function(a, b) return a > b end)
  return numbers[count] or 0
end

-- Forgets all but the newest days and months of an account; models keep this month and the last.
-- Counting what is there, not the calendar, makes a clock that was wrong for a while harmless.
local function roll(id)
  if id == 'all' then return end
  local home, days, months = account(id), {}, {}
  local fields = redis.call('HGETALL', home)
  for at = 1, #fields, 2 do
    local letter, number = string.match(fields[at], '^(m?)(%d+)$')
    if letter == '' then days[#days + 1] = tonumber(number) end
    if letter == 'm' then months[#months + 1] = tonumber(number) end
  end
  local first_day, first_month, first_model = newest(days, KEEP_DAYS), newest(months, KEEP_MONTHS), newest(months, 2)
  for at = 1, #fields, 2 do
    local letters, number, model = string.match(fields[at], '^(%a*)(%d+)(.*)$')
    if letters then
      local first = first_day
      if string.sub(letters, -1) == 'm' then first = model ~= '' and first_model or first_month end
      local is_held = string.sub(letters, 1, 1) == 'h'
      if (tonumber(number) < first and not is_held) or (is_held and fields[at + 1] == '0') then
        redis.call('HDEL', home, fields[at])
      end
    end
  end
end

-- What a period still takes under its cap (below zero after an overrun), from HMGET booked, h, g, c.
local function room(cap, values, at)
  if cap < 0 then return NO_CAP end
  return cap - num(values[at]) - num(values[at + 1]) + num(values[at + 2]) - num(values[at + 3])
end

-- Rooms of the day and of the month of a chat, or of "all", which know nothing of credit.
local function rooms(id, day, month, day_cap, month_cap)
  if id == '' or (day_cap < 0 and month_cap < 0) then return NO_CAP, NO_CAP end
  local v = redis.call('HMGET', account(id), day, 'h' .. day, month, 'h' .. month)
  return room(day_cap, { v[1], v[2] }, 1), room(month_cap, { v[3], v[4] }, 1)
end

-- All rooms of a payer at once, and what the purse's hash said.
-- `caps` = {person day, person month, chat day, chat month, all day, all month}.
local function all_rooms(purse, chat, day, month, caps)
  local own = redis.call('HMGET', account(purse), day, 'h' .. day, 'g' .. day, 'c' .. day,
    month, 'h' .. month, 'g' .. month, 'c' .. month, 'credit', 'w' .. day, 'w' .. month)
  local chat_day, chat_month = rooms(chat, day, month, caps[3], caps[4])
  local all_day, all_month = rooms('all', day, month, caps[5], caps[6])
  return { room(caps[1], own, 1), room(caps[2], own, 5), chat_day, chat_month, all_day, all_month }, num(own[9]), own
end

-- What one more request may cost: credit lifts the person's own caps, never the others.
local function most(left, credit)
  local own = math.max(0, math.min(left[1], left[2]))
  return math.max(0, math.min(NO_CAP, own + credit, left[3], left[4], left[5], left[6])), own
end

local function better(a, b)  -- of two caps, of which -1 is none
  if a < 0 or b < 0 then return -1 end
  return math.max(a, b)
end

-- Caps in force. Overrides are "DAY MONTH" in one hash, "-" = not overridden, -1 = off. The best override
-- of the person's names and labels stands in for the default, even where it is lower.
local function caps_of(person, purse, chat_name, defaults, labels)
  local caps = { unpack(defaults) }
  if redis.call('EXISTS', CAPS) == 0 then return caps end
  local wanted = { 'all', 'chat:' .. chat_name, 'person:' .. person }
  for name in string.gmatch(redis.call('HGET', account(purse), 'who') or '', '%S+') do
    wanted[#wanted + 1] = 'person:' .. name
  end
  for _, label in ipairs(labels) do wanted[#wanted + 1] = 'role:' .. label end
  local found, own = redis.call('HMGET', CAPS, unpack(wanted)), {}
  for at, value in ipairs(found) do
    local day, month = string.match(value or '- -', '^(%S+) (%S+)$')
    for period, cap in ipairs({ tonumber(day) or false, tonumber(month) or false }) do
      if cap and at == 1 then caps[4 + period] = cap end
      if cap and at == 2 then caps[2 + period] = cap end
      if cap and at > 2 then own[period] = own[period] and better(own[period], cap) or cap end
    end
  end
  caps[1], caps[2] = own[1] or caps[1], own[2] or caps[2]
  return caps
end

local function write(event, request, r, booked, credit, held, prompt, completion, measured)
  redis.call('XADD', LEDGER, '*', 'e', event, 'r', request, 'u', r.u, 'c', r.c, 'k', r.k, 'm', r.m, 'd', r.d,
    'n', booked, 'g', credit, 'h', held, 'p', prompt, 'q', completion, 'w', measured)
end

-- Adds to what is held of a request in every account it falls under (negative: takes away).
local function hold_more(r, purse, amount, credit)
  local month = 'm' .. r.M
  local home = account(purse)
  redis.call('HINCRBY', home, 'h' .. r.d, amount - credit)
  redis.call('HINCRBY', home, 'h' .. month, amount - credit)
  if credit ~= 0 then
    redis.call('HINCRBY', home, 'credit', -credit)
    redis.call('HINCRBY', home, 'held', credit)
  end
  for _, id in ipairs({ r.c, 'all' }) do
    if id ~= '' then
      redis.call('HINCRBY', account(id), 'h' .. r.d, amount)
      redis.call('HINCRBY', account(id), 'h' .. month, amount)
    end
  end
end

local function count_row(r, requests, prompt, completion, nanos)
  local rows, field = key('rows:' .. r.d), table.concat({ r.u, r.c, r.k, r.m }, '|')
  local old = redis.call('HGET', rows, field)
  local a, b, c, d = string.match(old or '0 0 0 0', '^(%S+) (%S+) (%S+) (%S+)$')
  redis.call('HSET', rows, field, string.format('%.0f %.0f %.0f %.0f',
    a + requests, b + prompt, c + completion, d + nanos))
  if not old then redis.call('EXPIRE', rows, r.ttl, 'NX') end
end

-- Makes `nanos` what a request has cost, `credit` of them from extra credit, whatever was booked for it
-- before, and writes the difference to the ledger. Books to the day of the hold.
local function book(event, request, r, purse, nanos, credit, held, prompt, completion, measured)
  local more, more_credit, month = nanos - r.b, credit - r.bg, 'm' .. r.M
  for _, id in ipairs({ purse, r.c, 'all' }) do
    if id ~= '' then
      local home = account(id)
      local is_first = redis.call('HINCRBY', home, r.d, more) == more
      redis.call('HINCRBY', home, month, more)
      redis.call('HINCRBY', home, month .. '/' .. r.m, more)
      redis.call('HINCRBY', home, 't', more)
      if is_first then roll(id) end
    end
  end
  if more_credit ~= 0 then
    local home = account(purse)
    redis.call('HINCRBY', home, 'g' .. r.d, more_credit)
    redis.call('HINCRBY', home, 'g' .. month, more_credit)
    redis.call('HINCRBY', home, 'credit', -more_credit)
  end
  count_row(r, r.done and 0 or 1, prompt, completion, more)
  write(event, request, r, more, more_credit, held, prompt, completion, measured)
  r.b, r.bg, r.done = nanos, credit, true
end

-- An ended request is remembered for a while: it cannot be paid twice, and can be refunded.
local function remember(request, r, state)
  r.s, r.caps = state, nil
  redis.call('SET', key('q:' .. request), cmsgpack.pack(r), 'EX', r.keep)
end

-- Takes an open hold away; nil if it is not open.
local function close(request)
  local packed = redis.call('HGET', HOLDS, request)
  if not packed then return nil end
  local r = cmsgpack.unpack(packed)
  local purse = follow(r.u)
  redis.call('HDEL', HOLDS, request)
  redis.call('ZREM', OPEN, request)
  hold_more(r, purse, -r.n, -r.g)
  return r, purse
end

local function ended(request)
  local packed = redis.call('GET', key('q:' .. request))
  return packed and cmsgpack.unpack(packed) or nil
end

-- Books holds as spent whose lease is over: their process is gone, and the money may be, too.
local function lapse(now, limit)
  local late = redis.call('ZRANGEBYSCORE', OPEN, '-inf', '(' .. now, 'LIMIT', 0, limit)
  for _, request in ipairs(late) do
    local r, purse = close(request)
    if r then
      book('lease', request, r, purse, r.n, r.g, -r.n, 0, 0, 'lease')
      remember(request, r, 'lease')
    else
      redis.call('ZREM', OPEN, request)
    end
  end
  return late
end
