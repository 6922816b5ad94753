-- Whether an order may be painted now. The next is always the waiting order whose person has the fewest pictures
-- painted, the oldest of those; nobody overtakes an order that waits for room.
-- KEYS: painting, waiting (both hashes say "PICTURES SINCE PERSON" by ref), leases
-- ARGV: ref, person, now, lease, most pictures of a person, most of all, pictures
-- Returns 0 when `ref` may go on, else its place in the line.
local ref, now, per_person, at_once = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[5]), tonumber(ARGV[6])
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  redis.call('ZREM', KEYS[3], old); redis.call('HDEL', KEYS[1], old); redis.call('HDEL', KEYS[2], old)
end
redis.call('ZADD', KEYS[3], now + tonumber(ARGV[4]), ref)
local function kept(place)  -- once nobody says so again, nothing is left of anybody
  for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, math.ceil(ARGV[4])) end
  return place
end
if redis.call('HEXISTS', KEYS[1], ref) == 1 then return kept(0) end
redis.call('HSETNX', KEYS[2], ref, ARGV[7] .. ' ' .. ARGV[3] .. ' ' .. ARGV[2])
local function read(value)
  local pictures, since, person = string.match(value, '^(%S+) (%S+) (.*)$')
  return tonumber(pictures), tonumber(since), person
end
local painted, used = {}, 0
for _, value in ipairs(redis.call('HVALS', KEYS[1])) do
  local pictures, _, person = read(value)
  painted[person] = (painted[person] or 0) + pictures; used = used + pictures
end
local line, all = {}, redis.call('HGETALL', KEYS[2])
for at = 1, #all, 2 do
  local pictures, since, person = read(all[at + 1])
  line[#line + 1] = {all[at], painted[person] or 0, since, pictures}
end
table.sort(line, function(a, b)
  if a[2] ~= b[2] then return a[2] < b[2] end
  if a[3] ~= b[3] then return a[3] < b[3] end
  return a[1] < b[1]
end)
local place = 0
for _, entry in ipairs(line) do
  local own, pictures = entry[2], entry[4]
  local fits = (own == 0 or own + pictures <= per_person) and (used == 0 or used + pictures <= at_once)
  if entry[1] == ref and fits then
    redis.call('HDEL', KEYS[2], ref)
    redis.call('HSET', KEYS[1], ref, ARGV[7] .. ' ' .. ARGV[3] .. ' ' .. ARGV[2])
    return kept(0)
  end
  if fits then used = used + pictures else place = place + 1 end
  if entry[1] == ref then return kept(place) end
  if not fits and (own == 0 or own + pictures <= per_person) then used = at_once end
end
