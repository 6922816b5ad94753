-- needs: money_base money_people money_purses money_periods
-- ARGV: code's key, the one who enters it, two fresh ids. Merges both purses: what is booked and held adds up.
-- Returns {state, issuer}; states: "linked", "already", "self", "unknown", "many"
local MOST_NAMES = 8
local code = '{money}:link:' .. ARGV[1]
local issuer = redis.call('GET', code)
if not issuer then return { 'unknown', '' } end
if issuer == ARGV[2] then return { 'self', issuer } end
redis.call('DEL', code)
local into, from = find_or_open(issuer, ARGV[3]), find_or_open(ARGV[2], ARGV[4])
if into == from then return { 'already', issuer } end
local home, old = account(into), account(from)
local kept, fields = redis.call('HMGET', home, 'who', 'from'), redis.call('HGETALL', old)
local moved = {}
for at = 1, #fields, 2 do moved[fields[at]] = fields[at + 1] end
local names = kept[1] .. ' ' .. moved.who
if select(2, string.gsub(names, '%S+', '')) > MOST_NAMES then return { 'many', issuer } end

-- A period of which one of them has forgotten its part would be told as if it were whole.
local first, first_of_old = first_kept(home), first_kept(old)
for at = 1, 3 do first[at] = math.max(first[at], first_of_old[at]) end

-- What one of them brought along when they parted is in the other's booked amounts already.
-- Either may have been merged since. Where it was by being forgotten, that is known until the month ends.
local home_from = kept[2] or redis.call('HGET', '{money}:forgotten', into)
local old_from = moved.from or redis.call('HGET', '{money}:forgotten', from)
local held = {}  -- of each period; what counts is made of it anew
for _, place in ipairs({ home, old }) do
  for _, field in ipairs(redis.call('HKEYS', place)) do
    local period = string.match(field, '^u(m?%d+)$')
    if period then held[period] = (held[period] or 0) + used(place, period) - spent(place, period) end
  end
end
local is_return = home_from and follow(home_from) == from
local is_take_back = old_from and follow(old_from) == into
if is_return then
  for _, field in ipairs(redis.call('HKEYS', home)) do
    if string.match(field, '^cm?%d+$') then redis.call('HDEL', home, field) end
  end
end
local is_mixed = false  -- what was brought along is not of one account any more: a return counts it twice
for field, value in pairs(moved) do
  local letter = string.match(field, '^(%a?)m?%d+$')
  if letter == 'w' then
    redis.call('HSET', home, field, math.max(num(value), num(redis.call('HGET', home, field))))
  elseif field ~= 'who' and field ~= 'from' and not (is_take_back and letter == 'c') then
    redis.call('HINCRBY', home, field, value)
    is_mixed = is_mixed or (letter == 'c' and value ~= '0')
  end
end
for period, nanos in pairs(held) do redis.call('HSET', home, 'u' .. period, spent(home, period) + nanos) end
redis.call('HSET', home, 'who', names)
if is_return or is_mixed then
  redis.call('HDEL', home, 'from')
  redis.call('HDEL', '{money}:forgotten', into)
end
drop_before(home, first)
for name in string.gmatch(names, '%S+') do redis.call('HSET', '{money}:names', name, into) end
redis.call('DEL', old)
redis.call('HSET', old, 'to', into)
redis.call('XADD', '{money}:trail', '*', 'by', from, 'what', 'link', 'who', into, 'value', '', 'note', '')
return { 'linked', issuer }
