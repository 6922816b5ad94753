-- needs: money
-- ARGV: seconds until the month ends, a pepper, a name. The account stays, nameless, and so do those of chats
-- that were theirs alone; a keyed hash leads back to them until the month ends. Returns how many names were
-- known.
local names, known = { ARGV[3] }, 0
for chat in string.gmatch(redis.call('HGET', '{money}:alone', ARGV[3]) or '', '%S+') do names[#names + 1] = chat end
redis.call('HDEL', '{money}:alone', ARGV[3])
for _, name in ipairs(names) do
  local id = redis.call('HGET', '{money}:names', name)
  if id then
    known = known + 1
    if redis.call('HSETNX', '{money}:forgotten', 'pepper', ARGV[2]) == 1 then redis.call('EXPIRE', '{money}:forgotten', ARGV[1]) end
    local pepper, rest = redis.call('HGET', '{money}:forgotten', 'pepper'), {}
    redis.call('HSET', '{money}:forgotten', redis.sha1hex(pepper .. name), id)
    redis.call('HDEL', '{money}:names', name)
    for other in string.gmatch(redis.call('HGET', account(id), 'who') or '', '%S+') do
      if other ~= name then rest[#rest + 1] = other end
    end
    if #rest > 0 then
      redis.call('HSET', account(id), 'who', table.concat(rest, ' '))
    else
      redis.call('HDEL', account(id), 'who')
    end
  end
end
return known
