-- needs: money_base money_accounts money_periods money_book
-- ARGV: request, who does it. Takes back what an ended request has cost, in the day it was booked to.
-- Returns {state before, nanos given back}.
local request = ARGV[1]
local r = known(request)
if not r then return { 'unknown', 0 } end
local state, given = r.s, r.b
if state ~= 'settled' and state ~= 'lease' then return { state, 0 } end
book('refund', request, r, 0, 0, 0, 0, 0, 'refund')
remember(request, r, 'refunded')
redis.call('XADD', '{money}:trail', '*', 'by', ARGV[2], 'what', 'refund', 'who', r.u, 'value', given, 'note', request)
return { state, given }
