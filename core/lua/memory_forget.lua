-- Erases what one person said, was answered and showed in one room. Turns of others stay, and so does
-- the way from them to the root: an erased turn is kept as a link without person or content.
-- KEYS: turns, tree, used, links, meta, pictures, owners, gone, then the person's own lanes
-- ARGV: person, how long `gone` is kept, key prefix of pictures
-- Returns how many turns and pictures are gone.
local turns, tree, used, links, meta, pictures, owners = unpack(KEYS, 1, 7)
local person, erased, unseen = ARGV[1], 0, 0
local time = redis.call('TIME')  -- the clocks of processes differ: what one opens another one forgets
redis.call('SET', KEYS[8], time[1] .. string.format('.%06d', time[2]), 'EX', ARGV[2])  -- for answers under way

local all = redis.call('HGETALL', tree)
for number = 1, #all, 2 do
  local ref, up, born, whose = all[number], string.match(all[number + 1], '^(.-)\n(.-)\n.-\n(.*)$')
  if whose == person then
    redis.call('HINCRBY', meta, 'bytes', 0 - redis.call('HSTRLEN', turns, ref))
    redis.call('HDEL', turns, ref)
    redis.call('HSET', tree, ref, table.concat({ up, born, '', '' }, '\n'))
    for message in string.gmatch(redis.call('HGET', links, '=' .. ref) or '', '[^\n]+') do
      redis.call('HDEL', links, message)
    end
    redis.call('HDEL', links, '=' .. ref)
    erased = erased + 1
  end
end

local mark = '|' .. person .. '|'
local shown = redis.call('HGETALL', owners)
for number = 1, #shown, 2 do
  local id, entry = shown[number], shown[number + 1]
  local from, to = string.find(entry, mark, 1, true)
  if from then
    local rest = string.sub(entry, 1, from) .. string.sub(entry, to + 1)
    if string.match(rest, '^%d+|$') then
      redis.call('HINCRBY', meta, 'picture_bytes', 0 - tonumber(string.match(entry, '^%d+')))
      redis.call('HDEL', owners, id)
      redis.call('ZREM', pictures, id)
      redis.call('DEL', ARGV[3] .. id)
    else
      redis.call('HSET', owners, id, rest)
    end
    unseen = unseen + 1
  end
end
for key = 9, #KEYS do redis.call('DEL', KEYS[key]) end
return { erased, unseen }
