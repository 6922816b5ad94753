-- needs: money_base money_people money_purses money_accounts
-- ARGV: name, fresh id, nanos (negative takes back, at most what is left), who does it, day, the id under
--       which the same amount is given to the same person once ("" = again and again), for how many seconds
-- Returns the credit left.
local id = find_or_open(ARGV[1], ARGV[2])
local home, amount = account(id), tonumber(ARGV[3])
local credit = num(redis.call('HGET', home, 'credit'))
local given = table.concat({ '{money}:once', ARGV[6], id, ARGV[3] }, ':')
if ARGV[6] ~= '' and not redis.call('SET', given, '', 'EX', ARGV[7], 'NX') then return credit end
amount = math.max(amount, -credit)
redis.call('HINCRBY', home, 'credit', amount)
local r = { u = id, c = '', k = 'grant', m = '', d = ARGV[5] }
write('grant', '', r, 0, -amount, 0, 0, 0, '')
redis.call('XADD', '{money}:trail', '*', 'by', ARGV[4], 'what', 'grant', 'who', id, 'value', amount, 'note', '')
return credit + amount
