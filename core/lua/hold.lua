-- ARGV: now ms, lease ms, day, month, request, person, chat, kind, model, wanted, least, two fresh ids,
--       seconds to keep an ended request, seconds to keep rows, six caps, labels ...
-- Returns {1 new | 2 known, granted, left or -1} · {0, credit, six rooms} no room · {3} already paid for
local now, lease, day, month, request, person, chat_name = unpack(ARGV, 1, 7)
local kind, model, wanted, least = ARGV[8], ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])
lapse(now, 4)
local packed = redis.call('HGET', HOLDS, request)
if packed then return { 2, cmsgpack.unpack(packed).n, -1 } end
local past = ended(request)
if past and past.s ~= 'released' then return { 3 } end

local purse = find_or_open(person, ARGV[12])
local chat = chat_name ~= '' and find_or_open(chat_name, ARGV[13]) or ''
local defaults = {}
for at = 16, 21 do defaults[#defaults + 1] = tonumber(ARGV[at]) end
local caps = caps_of(person, purse, chat_name, defaults, { unpack(ARGV, 22) })
local left, credit = all_rooms(purse, chat, day, 'm' .. month, caps)
local total, own = most(left, credit)
local granted = math.min(wanted, total)
if granted < least then return { 0, credit, unpack(left) } end

local from_credit = math.max(0, granted - own)
local r = {
  u = purse, c = chat, k = kind, m = model, d = day, M = month, n = granted, g = from_credit,
  b = 0, bg = 0, caps = caps, keep = tonumber(ARGV[14]), ttl = tonumber(ARGV[15]),
}
hold_more(r, purse, granted, from_credit)
redis.call('HSET', HOLDS, request, cmsgpack.pack(r))
redis.call('ZADD', OPEN, now + lease, request)
write('hold', request, r, 0, 0, granted, 0, 0, '')
return { 1, granted, total < NO_CAP and total - granted or -1 }
