-- needs: money_base money_accounts money_periods money_book
-- ARGV: request. Nothing was sent: gives the hold back, or what its lease booked in the meantime.
-- Returns the state before, "unknown" where the request is not known.
local request = ARGV[1]
local r = known(request)
if not r then return 'unknown' end
local state = r.s
if state == 'open' then
  close(request)
  move(r, -r.n, 0, 0)
  write('release', request, r, 0, 0, -r.n, 0, 0, '')
elseif state == 'lease' then
  book('release', request, r, 0, 0, 0, 0, 0, '')
else
  return state
end
remember(request, r, 'released')
return state
