-- A burst is a list of parts, and a hash: when it was `born`, when it `ends` if no part comes, the id that
-- `waits` for that and `since` when, `joins` where it does not only lead, `taken` where the parts were handed
-- out and what they became has not begun. Each id has a hash of its own: the burst that it is `in` (by its
-- birth), and the `parts` that were handed out to it.
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local function at(moment) return string.format('%.6f', moment) end
