-- What every money script shares.
--
-- An account is a purse (of one or more linked people), a chat, or "all" (everybody). It is one small
-- hash whose field names roll over with the calendar, so that it stays in its compact encoding:
--   20781            booked on that day (days since 1970)      m24323          booked in that month
--   u…               counts against its cap                    m24323/MODEL    of which this model (purses)
--   g…               of the booked: paid from extra credit     t               booked, ever
--   c…               brought along from another account        credit          extra credit left
--   w…               the warning given (75, 90)                o, og           folded ledger: booked, credit
--   who              the names it goes by                      to              merged into that account
--   held             extra credit in open holds                from            unlinked from that account
-- "…" stands for a day or a month. What counts against a cap is what is booked and held, without what extra
-- credit pays, with what was brought along. Where a period has no such field, nothing of it is held.
--
-- Keys are written out: a name that is put together each time costs more than most commands.
-- Numbers are doubles here: exact below 2^53 nanos (9 million dollars), nine times the largest cap.
local NO_CAP = 9007199254740991

local function account(id) return '{money}:a:' .. id end
local function num(value) return value and tonumber(value) or 0 end

-- What counts against a period's cap but for what is held; and what is booked, paid by credit, brought along of it.
-- Arithmetic reads the digits of a field by itself; "or 0" where there is none.
local function spent(home, period)
  local v = redis.call('HMGET', home, period, 'g' .. period, 'c' .. period)
  return (v[1] or 0) - (v[2] or 0) + (v[3] or 0), v
end

local function used(home, period) return num(redis.call('HGET', home, 'u' .. period) or spent(home, period)) end

-- An account that was merged leads to the one that took it in.
local function follow(id)
  local to = redis.call('HGET', account(id), 'to')
  while to do
    id = to
    to = redis.call('HGET', account(id), 'to')
  end
  return id
end

-- A request that is open or has ended; nil where none is known.
local function known(request)
  local packed = redis.call('GET', '{money}:q:' .. request)
  return packed and cmsgpack.unpack(packed) or nil
end

-- Six caps as they are passed and kept: person day, person month, chat day, chat month, all day, all month.
local function read_caps(packed)
  local a, b, c, d, e, f = struct.unpack('>dddddd', packed)
  return { a, b, c, d, e, f }
end
