-- ARGV: request, nanos (-1 = all that was held), prompt tokens, completion tokens, measured
-- Returns {state before, nanos booked, held, rooms' least or -1, crossed}; {"unknown"} where it is not known.
-- Caps pay first, extra credit pays the rest of what was held; an overrun is booked against the caps.
local request, nanos, prompt, completion, measured = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

-- The warning that is due for a period: 75 or 90 the first time its cap is used that far.
local function crossed(purse, period, cap, booked, credit, brought, given)
  if cap <= 0 then return 0 end
  local used, level = num(booked) - num(credit) + num(brought), 0
  if used * 4 >= cap * 3 then level = 75 end
  if used * 10 >= cap * 9 then level = 90 end
  if level <= num(given) then return 0 end
  redis.call('HSET', account(purse), 'w' .. period, level)
  return level
end

local caps
local state, r, purse = 'open', close(request)
if r then
  caps = r.caps
  if nanos < 0 then nanos = r.n end
  local credit = math.min(r.g, math.max(0, nanos - (r.n - r.g)))
  book('settle', request, r, purse, nanos, credit, -r.n, prompt, completion, measured)
else
  r = ended(request)
  if not r then return { 'unknown' } end
  state, purse = r.s, follow(r.u)
  if state == 'settled' or state == 'refunded' then return { state, r.b, r.n, -1, 0 } end
  if nanos < 0 then nanos = r.n end
  local credit = 0
  if state == 'lease' then credit = math.min(r.bg, math.max(0, nanos - (r.n - r.bg))) end
  book('settle', request, r, purse, nanos, credit, 0, prompt, completion, measured)
end
local least, level = -1, 0
if caps then
  local month = 'm' .. r.M
  local left, credit, v = all_rooms(purse, r.c, r.d, month, caps)
  level = math.max(crossed(purse, r.d, caps[1], v[1], v[3], v[4], v[10]),
    crossed(purse, month, caps[2], v[5], v[7], v[8], v[11]))
  local total = most(left, credit)
  least = total < NO_CAP and total or -1
end
remember(request, r, 'settled')
return { state, nanos, r.n, least, level }
