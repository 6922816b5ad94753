-- needs: money_base money_accounts money_periods money_book
-- ARGV: request. Nothing was sent: gives the hold back, or what its lease booked in the meantime.
-- Returns the state before, "unknown" where the request is not known.
local request = ARGV[1]
local r = close(request)
if r then
  move(r, -r.n, 0)
  write('release', request, r, 0, 0, -r.n, 0, 0, '')
  remember(request, r, 'released')
  return 'open'
end
r = ended(request)
if not r then return 'unknown' end
if r.s == 'lease' then
  book('release', request, r, 0, 0, 0, 0, 0, '')
  remember(request, r, 'released')
  return 'lease'
end
return r.s
