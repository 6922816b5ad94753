-- needs: money_base
-- ARGV: accounts ... Returns each that was merged, followed by the account that took it in.
local found = {}
for _, id in ipairs(ARGV) do
  local into = follow(id)
  if into ~= id then
    found[#found + 1] = id
    found[#found + 1] = into
  end
end
return found
