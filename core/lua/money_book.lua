-- How holds end: what a request has cost is booked, once, to the day of the hold.

-- A row of a day: requests, tokens of prompts, tokens of completions, nanos, as `ROW` of core/money/base.py has them.
local function count_row(r, requests, prompt, completion, nanos)
  local rows, field = '{money}:rows:' .. r.d, r.u .. '|' .. r.c .. '|' .. r.k .. '|' .. r.m
  local old = redis.call('HGET', rows, field)
  if not old and r.done then return end  -- the day's rows were trimmed; what is corrected went with them
  local a, b, c, d = 0, 0, 0, 0
  if old and #old == 32 then a, b, c, d = struct.unpack('>i8i8i8i8', old) end  -- a damaged one begins anew
  a, b, c, d = a + requests, b + prompt, c + completion, d + nanos
  if a == 0 and d == 0 then
    redis.call('HDEL', rows, field)
    return
  end
  redis.call('HSET', rows, field, struct.pack('>i8i8i8i8', a, b, c, d))
end

-- Ends the lease of an open request. First of all: a full store lets a script go on that began with what makes room.
local function close(request) redis.call('ZREM', '{money}:open', request) end

-- Changes what is held and booked of a request in every account it falls under, `from_credit` of it the person's
-- extra credit; one read and one write each. Returns the purse, what counts against each cap then, and the credit
-- left.
local function move(r, held, booked, from_credit)
  local purse, day, month, taken = r.u, r.d, 'm' .. r.M, { 0, 0, 0, 0 }
  local u_day, u_month, model = 'u' .. day, 'u' .. month, month .. '/' .. r.m
  local fields = { u_day, u_month, day, month, 't', model, 'credit' }  -- credit and models are a person's
  local own = redis.call('HMGET', account(purse), unpack(fields))
  if not own[1] then  -- it was held elsewhere: in a purse that was merged since
    purse = follow(purse)
    own = redis.call('HMGET', account(purse), unpack(fields))
  end
  local set_aside = held ~= 0 and r.g or 0  -- in a field of its own
  local held_here, booked_here = held + set_aside, booked - from_credit
  for at, id in ipairs({ purse, r.c, 'all' }) do
    if id ~= '' then
      local home = account(id)
      local v = at == 1 and own or redis.call('HMGET', home, unpack(fields, 1, 5))
      local of_day = (v[1] and v[1] + held_here or spent(home, day)) + booked_here
      local of_month = (v[2] and v[2] + held_here or spent(home, month)) + booked_here
      taken[2 * at - 1], taken[2 * at] = of_day, of_month
      if booked == 0 then
        redis.call('HSET', home, u_day, of_day, u_month, of_month)
      else
        local changed = { u_day, of_day, u_month, of_month, day, (v[3] or 0) + booked }
        changed[7], changed[8], changed[9], changed[10] = month, (v[4] or 0) + booked, 't', (v[5] or 0) + booked
        if at == 1 then changed[11], changed[12] = model, (v[6] or 0) + booked end
        redis.call('HSET', home, unpack(changed))
        if not v[3] and id ~= 'all' then drop_before(home, first_kept(home), day, month) end
      end
    end
    held_here, booked_here = held, booked
  end
  if from_credit ~= 0 then
    redis.call('HINCRBY', account(purse), 'g' .. day, from_credit)
    redis.call('HINCRBY', account(purse), 'g' .. month, from_credit)
  end
  if set_aside ~= 0 then redis.call('HINCRBY', account(purse), 'held', -set_aside) end
  local credit = set_aside - from_credit
  if credit ~= 0 then own[7] = redis.call('HINCRBY', account(purse), 'credit', credit) end
  return purse, taken, num(own[7])
end

-- Makes `nanos` what a request has cost, `credit` of them from extra credit, whatever was booked for it
-- before, gives back what it held, and writes the difference to the ledger. Returns what `move` does.
local function book(event, request, r, nanos, credit, held, prompt, completion, measured)
  local more, more_credit = nanos - (r.b or 0), credit - (r.bg or 0)
  local purse, taken, credit_left = move(r, held, more, more_credit)
  local is_undone = event == 'release'  -- nothing was sent: it is no request, until it is made after all
  count_row(r, is_undone and -1 or r.done and 0 or 1, prompt, completion, more)
  write(event, request, r, more, more_credit, held, prompt, completion, measured)
  r.b, r.bg, r.done = nanos, credit, not is_undone
  return purse, taken, credit_left
end

-- An ended request is remembered for a week: it cannot be paid twice, and can be refunded.
local KEEP_ENDED_S = 7 * 86400
local function remember(request, r, state)
  r.s, r.caps = state, nil
  redis.call('SET', '{money}:q:' .. request, cmsgpack.pack(r), 'EX', KEEP_ENDED_S)
end
