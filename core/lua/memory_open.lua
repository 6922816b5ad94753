-- Finds the exchange that a request goes on from and reads its path to the root. What is read stays longer.
-- KEYS: exchanges, tree, used, links, meta, pictures, owners, head
-- ARGV: as they are named below, ages as the moment since which they count; asking is the asking message
--   ("" = none)
--   mode "after": the value is the exchange to go on from ("" = start anew)
--   mode "reply": the value is a message; where it is unknown, start anew
--   mode "quote": the value is a message; where it is unknown, or "", the exchange at the head, if fresh
--   An asking message that was answered before was edited: it goes on from where it did then.
-- Each is as memory_room.lua says. A head that begins with "!" is for one person's eyes.
local exchanges, tree, used, links, head = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[8]
local now, ttl, fresh_since, renewed_since, this_head, mode, value = unpack(ARGV, 1, 7)
local most_exchanges, most_bytes, asking = tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10]

local state = redis.call('HMGET', head, 'epoch', 'ref', 'at', 'model', 'persona')
local parent, how = '', 'new'
if mode == 'after' then
  parent, how = value, 'after'
else
  local bound = value ~= '' and redis.call('HGET', links, value)
  local answered = asking ~= '' and redis.call('HGET', links, '?' .. asking)
  local node = answered and redis.call('HGET', tree, answered)
  if bound then
    parent, how = bound, 'reply'
  elseif node then
    parent = string.match(node, '^(.-)\n')
    how = parent ~= '' and 'latest' or 'new'
  elseif mode == 'quote' and state[2] and tonumber(state[3]) > tonumber(fresh_since) then
    parent, how = state[2], 'latest'
  end
end

local path, bytes, ref, steps = {}, 0, parent, 0
while ref ~= '' and steps < most_exchanges do
  local node = redis.call('HGET', tree, ref)
  if not node then break end
  local up, born, whose = string.match(node, '^(.-)\n(.-)\n(.-)\n')
  if string.sub(whose, 1, 1) == '!' and whose ~= this_head then
    if ref == parent then parent, how = '', 'new' end
    break
  end
  local content = redis.call('HGET', exchanges, ref)
  if content then
    bytes = bytes + #content
    if bytes > most_bytes and #path > 0 then break end
    path[#path + 1] = ref
    path[#path + 1] = content
  end
  if tonumber(born) > tonumber(renewed_since) then
    redis.call('ZADD', used, 'XX', now - steps / 1000, ref)  -- ancestors are the first to go
  end
  ref, steps = up, steps + 1
end
for key = 1, 7 do redis.call('EXPIRE', KEYS[key], ttl) end
local time = redis.call('TIME')
local opened_at = time[1] .. string.format('.%06d', time[2])
return { parent, how, state[1] or '0', state[4] or '', state[5] or '', opened_at, unpack(path) }
