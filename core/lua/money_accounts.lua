-- What amounts leave under the caps, and the lines of the ledger.

-- What each period still takes under its cap, below zero after an overrun. `caps` = {person day, person month,
-- chat day, chat month, all day, all month}, `taken` is what counts against each.
local function rooms(caps, taken, chat)
  local left = {}
  for at = 1, 6 do left[at] = caps[at] < 0 and NO_CAP or caps[at] - taken[at] end
  if chat == '' then left[3], left[4] = NO_CAP, NO_CAP end
  return left
end

-- What one more request may cost: credit lifts the person's own caps, never the others.
local function most(left, credit)
  local own = math.max(0, math.min(left[1], left[2]))
  return math.max(0, math.min(NO_CAP, own + credit, left[3], left[4], left[5], left[6])), own
end

-- In the order of `LedgerLine` in core/money/base.py.
local function write(event, request, r, booked, credit, held, prompt, completion, measured)
  local line = { event, request, r.u, r.c, r.k, r.m, r.d, booked, credit, held, prompt, completion, measured }
  redis.call('XADD', '{money}:ledger', '*', 'line', cmsgpack.pack(line))
end
