-- needs: money_base money_people money_accounts
-- ARGV: day, month, person, chat, six caps as doubles, labels ... Reads all that one payer may know.
-- Returns {six caps, credit, {booked, held, paid by credit, brought} of the six periods flat,
-- {model and nanos ...}, what one more request may cost, six rooms}
local day, month, person, chat_name = ARGV[1], 'm' .. ARGV[2], ARGV[3], ARGV[4]
local named = redis.call('HMGET', '{money}:names', person, chat_name)
local purse = named[1] or left_behind(person) or ''
local chat = chat_name ~= '' and (named[2] or left_behind(chat_name)) or ''
local caps = read_caps(ARGV[5])
override(caps, person, purse, chat_name, { unpack(ARGV, 6) })
local amounts, taken = {}, {}
for _, id in ipairs({ purse, chat, 'all' }) do
  for _, period in ipairs({ day, month }) do
    local of_period, without_held, v = used(account(id), period), spent(account(id), period)
    taken[#taken + 1] = of_period
    for _, amount in ipairs({ num(v[1]), of_period - without_held, num(v[2]), num(v[3]) }) do
      amounts[#amounts + 1] = amount
    end
  end
end
local models, fields = {}, purse == '' and {} or redis.call('HGETALL', account(purse))
local prefix = month .. '/'
for at = 1, #fields, 2 do
  if string.sub(fields[at], 1, #prefix) == prefix then
    models[#models + 1] = string.sub(fields[at], #prefix + 1)
    models[#models + 1] = tonumber(fields[at + 1])
  end
end
local credit = num(purse ~= '' and redis.call('HGET', account(purse), 'credit') or '0')
local left = rooms(caps, taken, chat_name ~= person and chat_name or '')  -- one account is counted once
return { caps, credit, amounts, models, most(left, credit), left }
