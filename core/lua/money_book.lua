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

-- Adds to what is held and booked of a request in every account it falls under; one read and one write each.
-- Returns the purse, what counts against each cap then, and of the purse what is held then and the credit left.
local function move(r, held, booked)
  local purse, day, month, taken = r.u, r.d, 'm' .. r.M, {}
  local h_day, h_month, model = 'h' .. day, 'h' .. month, month .. '/' .. r.m
  -- Nothing is brought along to everybody; credit and models are a person's.
  local fields =
    { day, h_day, month, h_month, 't', 'c' .. day, 'c' .. month, 'g' .. day, 'g' .. month, model, 'credit' }
  local own = redis.call('HMGET', account(purse), unpack(fields))
  if not own[2] then  -- it was held elsewhere: in a purse that was merged since
    purse = follow(purse)
    own = redis.call('HMGET', account(purse), unpack(fields))
  end
  local credit = held ~= 0 and r.g or 0  -- set aside in a field of its own
  for at, id in ipairs({ purse, r.c, 'all' }) do
    local v = {}
    if id ~= '' then
      local home = account(id)
      v = at == 1 and own or redis.call('HMGET', home, unpack(fields, 1, at == 2 and 7 or 5))
      v[2], v[4] = (v[2] or 0) + held + credit, (v[4] or 0) + held + credit
      if booked == 0 then
        redis.call('HSET', home, h_day, v[2], h_month, v[4])
      else
        v[1], v[3], v[5] = (v[1] or 0) + booked, (v[3] or 0) + booked, (v[5] or 0) + booked
        local changed = { day, v[1], h_day, v[2], month, v[3], h_month, v[4], 't', v[5] }
        if at == 1 then changed[11], changed[12] = model, (v[10] or 0) + booked end
        redis.call('HSET', home, unpack(changed))
        if v[1] == booked and id ~= 'all' then drop_before(home, first_kept(home)) end
      end
    end
    taken[2 * at - 1], taken[2 * at] = counted(v[1], v[2], v[8], v[6]), counted(v[3], v[4], v[9], v[7])
    credit = 0
  end
  if held ~= 0 and r.g ~= 0 then
    redis.call('HINCRBY', account(purse), 'held', -r.g)
    own[11] = redis.call('HINCRBY', account(purse), 'credit', r.g)
  end
  return purse, taken, { h_day = own[2], h_month = own[4], credit = num(own[11]) }
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
  local purse, taken, own = move(r, held, more)
  local is_undone = event == 'release'  -- nothing was sent: it is no request, until it is made after all
  count_row(r, is_undone and -1 or r.done and 0 or 1, prompt, completion, more)
  write(event, request, r, more, more_credit, held, prompt, completion, measured)
  r.b, r.bg, r.done = nanos, credit, not is_undone
  return purse, taken, own
end

-- An ended request is remembered for a while: it cannot be paid twice, and can be refunded.
local function remember(request, r, state)
  r.s, r.caps = state, nil
  redis.call('SET', '{money}:q:' .. request, cmsgpack.pack(r), 'EX', r.keep)
end
