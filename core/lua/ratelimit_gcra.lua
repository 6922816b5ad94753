-- When the next try is due in theory: a time further ahead than the burst comes from a clock that was ahead.
local function due_at(key, now, burst)
  return math.max(now, math.min(tonumber(redis.call('GET', key) or '0'), now + burst))
end
