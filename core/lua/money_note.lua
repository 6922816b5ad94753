-- needs: money_base money_accounts money_periods money_book
-- ARGV: request, event. Writes to the ledger what else became of a request that has ended, once.
local request, event = ARGV[1], ARGV[2]
local r = known(request)
if not r or r.s == 'open' or r.note == event then return 0 end
r.note = event
remember(request, r, r.s)
write(event, request, r, 0, 0, 0, 0, 0, '')
return 1
