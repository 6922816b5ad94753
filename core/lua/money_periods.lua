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

-- Forgets what an account has from before `first`, and holds that are over.
local function drop_before(home, first)
  local fields = redis.call('HGETALL', home)
  for at = 1, #fields, 2 do
    local letters, number, model = string.match(fields[at], '^(%a*)(%d+)(.*)$')
    if letters then
      local oldest = first[1]
      if string.sub(letters, -1) == 'm' then oldest = model ~= '' and first[3] or first[2] end
      local is_held = string.sub(letters, 1, 1) == 'h'
      if (tonumber(number) < oldest and not is_held) or (is_held and fields[at + 1] == '0') then
        redis.call('HDEL', home, fields[at])
      end
    end
  end
end
