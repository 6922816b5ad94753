-- needs: memory_room
-- Adds one exchange with its pictures, moves its head there, and keeps the room within bounds. Added again, when
-- its answer has ended, it takes the head from nobody: what was asked meanwhile has it.
-- KEYS: exchanges, tree, used, links, meta, pictures, owners, head, gone, then one for each picture
-- ARGV: as they are named here, then for each picture its id and its bytes ("" = renew what is there)
-- Returns 1, or 0 where the person asked meanwhile to be forgotten.
local now, ttl, ref, parent, this_head, person, content, opened_at, epoch, head_ttl = unpack(ARGV, 1, 10)
local chosen_model, chosen_persona, most_exchanges, most_bytes = unpack(ARGV, 11, 14)
local picture_ttl, most_pictures, most_picture_bytes, prefix = unpack(ARGV, 15, 18)
local head, gone = KEYS[8], redis.call('GET', KEYS[9])
if gone and tonumber(gone) >= tonumber(opened_at) then return 0 end

local function drop_exchange(old)
  drop_content(old)
  redis.call('HDEL', tree, old)
  redis.call('ZREM', used, old)
end

-- A store that evicts may have lost one of the room's keys. What is there is counted anew then, so that
-- nothing stays for ever and the bounds hold.
local kept, shown = redis.call('HLEN', exchanges), redis.call('HLEN', owners)
if kept == 0 or kept > redis.call('ZCARD', used) or redis.call('HEXISTS', meta, 'bytes') == 0 then
  local bytes = 0
  for _, old in ipairs(redis.call('HKEYS', exchanges)) do
    bytes = bytes + redis.call('HSTRLEN', exchanges, old)
    redis.call('ZADD', used, 'NX', now, old)
  end
  redis.call('HSET', meta, 'bytes', bytes)
end
if shown == 0 or shown ~= redis.call('ZCARD', pictures) or redis.call('HEXISTS', meta, 'picture_bytes') == 0 then
  local bytes = 0
  for _, id in ipairs(redis.call('HKEYS', owners)) do
    bytes = bytes + tonumber(string.match(redis.call('HGET', owners, id), '^%d+'))
    redis.call('ZADD', pictures, 'NX', now, id)
  end
  redis.call('HSET', meta, 'picture_bytes', bytes)
  for _, id in ipairs(redis.call('ZRANGE', pictures, 0, -1)) do
    if redis.call('HEXISTS', owners, id) == 0 then drop_picture(id, prefix) end
  end
end

local is_new = redis.call('HEXISTS', tree, ref) == 0
redis.call('HINCRBY', meta, 'bytes', #content - redis.call('HSTRLEN', exchanges, ref))
redis.call('HSET', exchanges, ref, content)
redis.call('HSET', tree, ref, table.concat({ parent, now, this_head, person }, '\n'))
redis.call('ZADD', used, now, ref)

local state = redis.call('HMGET', head, 'epoch', 'ref')
if (state[1] or '0') == epoch and (is_new or not state[2] or state[2] == ref) then
  redis.call('HSET', head, 'ref', ref, 'at', now)
  local choice = redis.call('HMGET', head, 'model', 'persona')  -- the exchange carries them from here on
  if choice[1] == chosen_model then redis.call('HDEL', head, 'model', 'model_by') end
  if choice[2] == chosen_persona then redis.call('HDEL', head, 'persona', 'persona_by') end
  redis.call('EXPIRE', head, head_ttl)
end

for number = 10, #KEYS do
  local id, data = ARGV[2 * number - 1], ARGV[2 * number]
  local size, known = redis.call('STRLEN', KEYS[number]), redis.call('HGET', owners, id)
  if data ~= '' and (size == 0 or not known) then
    drop_picture(id, prefix)  -- whatever was left of it
    redis.call('SET', KEYS[number], data, 'EX', picture_ttl)
    redis.call('HSET', owners, id, #data .. '|')
    redis.call('HINCRBY', meta, 'picture_bytes', #data)
    known = redis.call('HGET', owners, id)
  end
  if known and redis.call('EXPIRE', KEYS[number], picture_ttl) == 1 then
    redis.call('ZADD', pictures, now, id)
    if not string.find(known, '|' .. person .. '|', 1, true) then
      redis.call('HSET', owners, id, known .. person .. '|')
    end
  end
end

for _, old in ipairs(redis.call('ZRANGEBYSCORE', used, '-inf', now - ttl, 'LIMIT', 0, 100)) do
  drop_exchange(old)
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', pictures, '-inf', now - picture_ttl, 'LIMIT', 0, 100)) do
  drop_picture(id, prefix)
end
while redis.call('ZCARD', used) > tonumber(most_exchanges)
  or tonumber(redis.call('HGET', meta, 'bytes')) > tonumber(most_bytes) do
  local oldest = redis.call('ZRANGE', used, 0, 1)
  if oldest[1] == ref then oldest[1] = oldest[2] end  -- never the one just said
  if not oldest[1] then break end
  drop_exchange(oldest[1])
end
while redis.call('ZCARD', pictures) > tonumber(most_pictures)
  or tonumber(redis.call('HGET', meta, 'picture_bytes') or '0') > tonumber(most_picture_bytes) do
  local id = redis.call('ZRANGE', pictures, 0, 0)[1]
  if not id then break end
  drop_picture(id, prefix)
end
for key = 1, 7 do redis.call('EXPIRE', KEYS[key], ttl) end
return 1
