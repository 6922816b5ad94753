-- needs: money_base money_accounts money_periods money_book
-- ARGV: request, nanos (-1 = all that was held), prompt tokens, completion tokens, measured
-- Returns {state before, nanos booked, held, rooms' least or -1, crossed, "day" or "month" of it}; {"unknown"}
-- where it is not known.
-- Caps pay first, extra credit pays the rest of what was held; an overrun is booked against the caps.
local request, nanos, prompt, completion, measured = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

-- The warning that is due for a period: 75 or 90 the first time that so much of its cap is spent, not only held.
local function crossed(purse, period, cap, taken)
  if cap <= 0 or taken * 4 < cap * 3 then return 0 end
  local home, level = account(purse), 0
  local nanos = spent(home, period)
  if nanos * 4 >= cap * 3 then level = 75 end
  if nanos * 10 >= cap * 9 then level = 90 end
  if level == 0 or level <= num(redis.call('HGET', home, 'w' .. period)) then return 0 end
  redis.call('HSET', home, 'w' .. period, level)
  return level
end

local r = known(request)
if not r then return { 'unknown' } end
if r.s ~= 'open' then
  local state, credit = r.s, 0
  if state == 'settled' or state == 'refunded' then return { state, r.b, r.n, -1, 0, '' } end
  if nanos < 0 then nanos = r.n end
  if state == 'lease' then credit = math.min(r.bg, math.max(0, nanos - (r.n - r.bg))) end
  book('settle', request, r, nanos, credit, 0, prompt, completion, measured)
  remember(request, r, 'settled')
  return { state, nanos, r.n, -1, 0, '' }
end
close(request)
if nanos < 0 then nanos = r.n end
local day, month, caps = r.d, 'm' .. r.M, read_caps(r.caps)
local credit = math.min(r.g, math.max(0, nanos - (r.n - r.g)))
local purse, taken, credit_left = book('settle', request, r, nanos, credit, -r.n, prompt, completion, measured)
local of_day = crossed(purse, day, caps[1], taken[1])
local of_month = crossed(purse, month, caps[2], taken[2])
local level = math.max(of_day, of_month)
local period = level == 0 and '' or of_month == level and 'month' or 'day'
local total = most(rooms(caps, taken, r.c), credit_left)
remember(request, r, 'settled')
return { 'open', nanos, r.n, total < NO_CAP and total or -1, level, period }
