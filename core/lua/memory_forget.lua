-- needs: memory_room
-- Erases what one person said, was answered and showed in one room. Exchanges of others stay, and so does
-- the way from them to the root: an erased one is kept as a link without person or content.
-- What a store that evicts left without a node or an owner is nobody's any more, and goes too.
-- KEYS: exchanges, tree, used, links, meta, pictures, owners, gone, everybody's head, then the person's own heads
-- ARGV: person, how long `gone` is kept, key prefix of pictures
-- Returns how many exchanges and pictures are gone.
local person, prefix, erased, unseen = ARGV[1], ARGV[3], 0, 0
local time = redis.call('TIME')  -- the clocks of processes differ: what one opens another one forgets
redis.call('DEL', KEYS[8])  -- a full store lets a script go on that began with what makes room
redis.call('SET', KEYS[8], time[1] .. string.format('.%06d', time[2]), 'EX', ARGV[2])  -- for answers under way

local function erase(ref)
  drop_content(ref)
  erased = erased + 1
end

local all = redis.call('HGETALL', tree)
for number = 1, #all, 2 do
  local ref, up, born, whose = all[number], string.match(all[number + 1], '^(.-)\n(.-)\n.-\n(.*)$')
  if whose == person then
    redis.call('HSET', tree, ref, table.concat({ up, born, '', '' }, '\n'))
    erase(ref)
  end
end
for _, ref in ipairs(redis.call('HKEYS', exchanges)) do
  if redis.call('HEXISTS', tree, ref) == 0 then erase(ref) end
end

local mark = '|' .. person .. '|'
local shown = redis.call('HGETALL', owners)
for number = 1, #shown, 2 do
  local id, entry = shown[number], shown[number + 1]
  local from, to = string.find(entry, mark, 1, true)
  if from then
    local rest = string.sub(entry, 1, from) .. string.sub(entry, to + 1)
    if string.match(rest, '^%d+|$') then
      drop_picture(id, prefix)
    else
      redis.call('HSET', owners, id, rest)
    end
    unseen = unseen + 1
  end
end
for _, id in ipairs(redis.call('ZRANGE', pictures, 0, -1)) do
  if redis.call('HEXISTS', owners, id) == 0 then
    drop_picture(id, prefix)
    unseen = unseen + 1
  end
end

for _, choice in ipairs({ 'model', 'persona' }) do
  local by = choice .. '_by'
  if redis.call('HGET', KEYS[9], by) == person then redis.call('HDEL', KEYS[9], choice, by) end
end
if redis.call('HLEN', exchanges) + redis.call('HLEN', owners) + redis.call('HLEN', links) == 0 then
  redis.call('DEL', tree, used, pictures, KEYS[9])  -- nobody has anything here, and its name may be the person's
end
redis.call('DEL', meta)  -- the next exchange counts anew
for key = 10, #KEYS do redis.call('DEL', KEYS[key]) end
return { erased, unseen }
