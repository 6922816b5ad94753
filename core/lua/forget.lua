-- needs: money people
-- ARGV: seconds until the month ends, a pepper, a name, fresh id, day, month. The account stays, nameless, and
-- so do those of chats that were theirs alone; a keyed hash leads back to them until the month ends. Of a purse
-- that others share the name is taken out first, into one that nobody but the hash leads to.
-- Returns how many names were known.
local names, known = { ARGV[3] }, 0
for chat in string.gmatch(redis.call('HGET', '{money}:alone', ARGV[3]) or '', '%S+') do names[#names + 1] = chat end
redis.call('HDEL', '{money}:alone', ARGV[3])
for _, name in ipairs(names) do
  local id = redis.call('HGET', '{money}:names', name)
  if id then
    known = known + 1
    if redis.call('HSETNX', '{money}:forgotten', 'pepper', ARGV[2]) == 1 then redis.call('EXPIRE', '{money}:forgotten', ARGV[1]) end
    if part(name, id, ARGV[4], ARGV[5], ARGV[6]) then
      redis.call('HSET', '{money}:forgotten', ARGV[4], id)
      id = ARGV[4]
    else
      redis.call('HDEL', account(id), 'who')
    end
    local pepper = redis.call('HGET', '{money}:forgotten', 'pepper')
    redis.call('HSET', '{money}:forgotten', redis.sha1hex(pepper .. name), id)
    redis.call('HDEL', '{money}:names', name)
  end
end
return known
