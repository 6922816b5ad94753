-- ARGV: who does it, name as in CAPS ("all", "chat:…", "person:…", "role:…"), day and month: nanos, -1 = off,
-- "-" = the default again, "" = as it was
local old_day, old_month = string.match(redis.call('HGET', '{money}:caps', ARGV[2]) or '- -', '^(%S+) (%S+)$')
local day = ARGV[3] ~= '' and ARGV[3] or old_day
local month = ARGV[4] ~= '' and ARGV[4] or old_month
if day == '-' and month == '-' then
  redis.call('HDEL', '{money}:caps', ARGV[2])
else
  redis.call('HSET', '{money}:caps', ARGV[2], day .. ' ' .. month)
end
redis.call('XADD', '{money}:trail', '*', 'by', ARGV[1], 'what', 'cap', 'who', ARGV[2], 'value', day .. ' ' .. month, 'note', '')
