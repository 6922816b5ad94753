-- needs: money_base money_people money_accounts
-- ARGV: now ms, lease ms, day, month, request, person, chat, kind, model, wanted, least, two fresh ids,
--       six caps as doubles, 1 = the chat is the person's alone, labels ...
-- Returns {"held" | "known" from before, granted, left or -1}, {"no room", credit, six rooms, six caps, what is held
-- of each}, {"paid"} already, or {"lapsed"}: leases are over and to be booked first
local now, lease, day, month, request, person, chat_name = unpack(ARGV, 1, 7)
local kind, model, wanted, least = ARGV[8], ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])
if redis.call('ZCOUNT', '{money}:open', '-inf', '(' .. now) > 0 then return { 'lapsed' } end
local past = known(request)
if past and past.s == 'open' then return { 'known', past.n, -1 } end
if past and past.s ~= 'released' then return { 'paid' } end

local named = redis.call('HMGET', '{money}:names', person, chat_name)
local purse, chat = named[1] or left_behind(person) or ARGV[12], ''
if chat_name ~= '' and chat_name ~= person then  -- one account is counted once
  chat = named[2] or left_behind(chat_name) or ARGV[13]
end
local caps = read_caps(ARGV[14])
override(caps, person, purse, chat_name, { unpack(ARGV, 16) })

local m, ids, taken, credit = 'm' .. month, { purse, chat, 'all' }, { 0, 0, 0, 0 }, 0
local fields = { 'u' .. day, 'u' .. m, 'credit' }  -- extra credit is a person's
for at, id in ipairs(ids) do
  if id ~= '' then
    local home = account(id)
    local v = redis.call('HMGET', home, unpack(fields, 1, at == 1 and 3 or 2))
    taken[2 * at - 1], taken[2 * at] = v[1] or spent(home, day), v[2] or spent(home, m)
    if v[3] then credit = tonumber(v[3]) end
  end
end
local left = rooms(caps, taken, chat)
local total, own_room = most(left, credit)
local granted = math.min(wanted, total)

-- A cap of 0 lets nothing through, not even what costs nothing.
local is_shut = caps[5] == 0 or caps[6] == 0 or (chat ~= '' and (caps[3] == 0 or caps[4] == 0))
  or (credit <= 0 and (caps[1] == 0 or caps[2] == 0))
if granted < least or is_shut then
  for at = 1, 6 do
    local id, period = ids[math.ceil(at / 2)], at % 2 == 1 and day or m
    left[6 + at], left[12 + at] = caps[at], id == '' and 0 or taken[at] - spent(account(id), period)
  end
  return { 'no room', credit, unpack(left) }
end

-- Not before: whoever is refused would leave accounts for nothing.
if not named[1] then open(person, purse) end
if chat ~= '' and not named[2] then open(chat_name, chat) end
if chat_name ~= '' and ARGV[15] == '1' then note_alone(person, chat_name) end
local from_credit = math.max(0, granted - own_room)
local more = granted - from_credit  -- extra credit is set aside in a field of its own
for at, id in ipairs(ids) do
  if id ~= '' then
    redis.call('HSET', account(id), fields[1], taken[2 * at - 1] + more, fields[2], taken[2 * at] + more)
  end
  more = granted
end
if from_credit ~= 0 then
  redis.call('HINCRBY', account(purse), 'credit', -from_credit)
  redis.call('HINCRBY', account(purse), 'held', from_credit)
end
local r = {
  s = 'open', u = purse, c = chat, k = kind, m = model, d = day, M = month, n = granted, g = from_credit,
  caps = struct.pack('>dddddd', unpack(caps)),
}
redis.call('SET', '{money}:q:' .. request, cmsgpack.pack(r))
redis.call('ZADD', '{money}:open', now + lease, request)
write('hold', request, r, 0, 0, granted, 0, 0, '')
return { 'held', granted, total < NO_CAP and total - granted or -1 }
