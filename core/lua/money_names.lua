-- needs: money_base
-- ARGV: accounts ... Returns each that has names, followed by them. A merged one has those of the account that
-- took it in, a forgotten one has none.
local found = {}
for _, id in ipairs(ARGV) do
  local who = redis.call('HGET', account(follow(id)), 'who')
  if who then
    found[#found + 1] = id
    found[#found + 1] = who
  end
end
return found
