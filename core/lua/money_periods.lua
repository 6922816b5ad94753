-- For how long an account keeps its days and months. What is older is in its total alone.
local KEEP_DAYS, KEEP_MONTHS, KEEP_MODELS = 35, 13, 2

-- The first day, the first month, and the first month of models that an account still has in whole.
-- Counting what is there, not the calendar, makes a clock that was wrong for a while harmless.
local function first_kept(home)
  local days, months = {}, {}
  local function newest(numbers, count)  -- the oldest of the `count` newest; 0 while there are fewer
    table.sort(numbers, function(a, b) return a > b end)
    return numbers[count] or 0
  end
  for _, field in ipairs(redis.call('HKEYS', home)) do
    local letter, number = string.match(field, '^(m?)(%d+)$')
    if letter == '' then days[#days + 1] = tonumber(number) end
    if letter == 'm' then months[#months + 1] = tonumber(number) end
  end
  return { newest(days, KEEP_DAYS), newest(months, KEEP_MONTHS), newest(months, KEEP_MODELS) }
end

-- Forgets what an account has from before `first`, and what counts in periods of which nothing is held; `day` and
-- `month` are in use.
local function drop_before(home, first, day, month)
  local fields, is_held = redis.call('HGETALL', home), {}
  for at = 1, #fields, 2 do
    local period = string.match(fields[at], '^u(m?%d+)$')
    if period and tonumber(fields[at + 1]) ~= spent(home, period) then
      is_held[period] = true
    elseif period and period ~= day and period ~= month then
      redis.call('HDEL', home, fields[at])
    end
  end
  for at = 1, #fields, 2 do
    local letter, period, number, model = string.match(fields[at], '^([cgw]?)(m?(%d+))(.*)$')
    if letter and not is_held[period] then
      local oldest = period == number and first[1] or model == '' and first[2] or first[3]
      if tonumber(number) < oldest then redis.call('HDEL', home, fields[at]) end
    end
  end
end
