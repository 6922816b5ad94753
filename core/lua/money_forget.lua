-- needs: money_base money_people money_purses
-- ARGV: seconds until the month ends, a pepper, a name, fresh id, day, month. The account stays, nameless, and so
-- do those of chats that were theirs alone; of a purse that others share the name is taken out. Until the month
-- ends a keyed hash leads to a fresh account each, which brings along what is taken of the caps and nothing else.
-- Returns how many names were known.
local FORGOTTEN, rest, day, month = '{money}:forgotten', ARGV[1], ARGV[5], ARGV[6]
local names, known = { ARGV[3] }, 0
for chat in string.gmatch(redis.call('HGET', '{money}:alone', ARGV[3]) or '', '%S+') do names[#names + 1] = chat end
redis.call('HDEL', '{money}:alone', ARGV[3])
for at, name in ipairs(names) do
  local id, fresh = redis.call('HGET', '{money}:names', name), ARGV[4] .. at
  if id then
    known = known + 1
    if redis.call('HSETNX', FORGOTTEN, 'pepper', ARGV[2]) == 1 then redis.call('EXPIRE', FORGOTTEN, rest) end
    bring_along(id, fresh, day, month)
    redis.call('EXPIRE', account(fresh), rest)
    if part(name, id) then
      redis.call('HSET', FORGOTTEN, fresh, id)  -- so that nothing counts twice where they share it again
    else
      redis.call('HDEL', account(id), 'who', 'from')
    end
    redis.call('HSET', FORGOTTEN, redis.sha1hex(redis.call('HGET', FORGOTTEN, 'pepper') .. name), fresh)
    redis.call('HDEL', '{money}:names', name)
  end
end
return known
