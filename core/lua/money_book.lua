-- How holds end: what a request has cost is booked, once, to the day of the hold.

local function count_row(r, requests, prompt, completion, nanos)
  local rows, field = '{money}:rows:' .. r.d, table.concat({ r.u, r.c, r.k, r.m }, '|')
  local old = redis.call('HGET', rows, field)
  if not old and r.done then return end  -- the day's rows have ended; what is corrected ended with them
  local a, b, c, d = string.match(old or '0 0 0 0', '^(%S+) (%S+) (%S+) (%S+)$')
  a, b, c, d = a + requests, b + prompt, c + completion, d + nanos
  if a == 0 and d == 0 then
    redis.call('HDEL', rows, field)
    return
  end
  redis.call('HSET', rows, field, string.format('%.0f %.0f %.0f %.0f', a, b, c, d))
  if not old then redis.call('EXPIRE', rows, r.ttl, 'NX') end
end

-- Takes an open hold away; nil if it is not open. What it held is to be moved.
local function close(request)
  local packed = redis.call('HGET', '{money}:holds', request)
  if not packed then return nil end
  redis.call('HDEL', '{money}:holds', request)
  redis.call('ZREM', '{money}:open', request)
  return cmsgpack.unpack(packed)
end

-- Adds to what is held and booked of a request in every account it falls under; one read and one write each.
-- Returns the purse, and what counts against each cap then.
local function move(r, held, booked)
  local purse, day, month, taken = follow(r.u), r.d, 'm' .. r.M, {}
  local h_day, h_month, model = 'h' .. day, 'h' .. month, month .. '/' .. r.m
  local g_day, g_month, c_day, c_month = 'g' .. day, 'g' .. month, 'c' .. day, 'c' .. month
  local credit = held ~= 0 and r.g or 0  -- set aside in a field of its own
  for at, id in ipairs({ purse, r.c, 'all' }) do
    local in_day, in_month = 0, 0
    if id ~= '' then
      local home, is_purse = account(id), at == 1
      local v = redis.call('HMGET', home, h_day, h_month, day, month, 't', is_purse and model or 't',
        g_day, g_month, c_day, c_month)
      local held_day, held_month = num(v[1]) + held + credit, num(v[2]) + held + credit
      local booked_day, booked_month = num(v[3]) + booked, num(v[4]) + booked
      if booked == 0 then
        redis.call('HSET', home, h_day, held_day, h_month, held_month)
      elseif is_purse then
        redis.call('HSET', home, h_day, held_day, h_month, held_month, day, booked_day, month, booked_month,
          't', num(v[5]) + booked, model, num(v[6]) + booked)
      else
        redis.call('HSET', home, h_day, held_day, h_month, held_month, day, booked_day, month, booked_month,
          't', num(v[5]) + booked)
      end
      if booked ~= 0 and booked_day == booked then roll(id) end
      in_day = counted(booked_day, held_day, v[7], v[9])
      in_month = counted(booked_month, held_month, v[8], v[10])
    end
    taken[#taken + 1] = in_day
    taken[#taken + 1] = in_month
    credit = 0
  end
  if held ~= 0 and r.g ~= 0 then
    redis.call('HINCRBY', account(purse), 'credit', r.g)
    redis.call('HINCRBY', account(purse), 'held', -r.g)
  end
  return purse, taken
end

-- Makes `nanos` what a request has cost, `credit` of them from extra credit, whatever was booked for it
-- before, gives back what it held, and writes the difference to the ledger. Returns what `move` does.
local function book(event, request, r, nanos, credit, held, prompt, completion, measured)
  local more, more_credit = nanos - r.b, credit - r.bg
  if more_credit ~= 0 then
    local home = account(follow(r.u))
    redis.call('HINCRBY', home, 'g' .. r.d, more_credit)
    redis.call('HINCRBY', home, 'gm' .. r.M, more_credit)
    redis.call('HINCRBY', home, 'credit', -more_credit)
  end
  local purse, taken = move(r, held, more)
  local is_undone = event == 'release'  -- nothing was sent: it is no request, until it is made after all
  count_row(r, is_undone and -1 or r.done and 0 or 1, prompt, completion, more)
  write(event, request, r, more, more_credit, held, prompt, completion, measured)
  r.b, r.bg, r.done = nanos, credit, not is_undone
  return purse, taken
end

-- An ended request is remembered for a while: it cannot be paid twice, and can be refunded.
local function remember(request, r, state)
  r.s, r.caps = state, nil
  redis.call('SET', '{money}:q:' .. request, cmsgpack.pack(r), 'EX', r.keep)
end
