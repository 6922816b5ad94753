-- What is kept of a room, and how something of it goes.
--   exchanges[REF]     content, sealed
--   tree[REF]          PARENT \n BORN \n HEAD \n PERSON
--   links[MESSAGE]     REF          links['=REF']  its messages, by newline
--   links['?MESSAGE']  REF that answers it
--   owners[ID]         SIZE|PERSON|PERSON|
--   used, pictures     when an exchange, a picture was last of use
--   meta               `bytes` of all contents, `picture_bytes`
local exchanges, tree, used, links, meta, pictures, owners = unpack(KEYS, 1, 7)

-- The node stays: others may go on from there.
local function drop_content(ref)
  redis.call('HINCRBY', meta, 'bytes', 0 - redis.call('HSTRLEN', exchanges, ref))
  redis.call('HDEL', exchanges, ref)
  for message in string.gmatch(redis.call('HGET', links, '=' .. ref) or '', '[^\n]+') do
    redis.call('HDEL', links, message)
  end
  redis.call('HDEL', links, '=' .. ref)
end

local function drop_picture(id, prefix)
  local size = tonumber(string.match(redis.call('HGET', owners, id) or '0', '^%d+'))
  redis.call('HINCRBY', meta, 'picture_bytes', 0 - size)
  redis.call('HDEL', owners, id)
  redis.call('ZREM', pictures, id)
  redis.call('DEL', prefix .. id)
end
