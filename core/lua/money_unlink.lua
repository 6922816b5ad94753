-- needs: money_base money_people money_purses
-- ARGV: name, fresh id, day, month. Takes a name out of a purse of several.
local name, fresh = ARGV[1], ARGV[2]
local purse = redis.call('HGET', '{money}:names', name)
if not purse or not part(name, purse) then return 0 end
bring_along(purse, fresh, ARGV[3], ARGV[4])
redis.call('HSET', '{money}:names', name, fresh)
redis.call('HSET', account(fresh), 'who', name, 'from', purse)
redis.call('XADD', '{money}:trail', '*', 'by', fresh, 'what', 'unlink', 'who', purse, 'value', '', 'note', '')
return 1
