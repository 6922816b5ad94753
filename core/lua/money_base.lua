-- What every money script shares.
--
-- An account is a purse (of one or more linked people), a chat, or "all" (everybody). It is one small
-- hash whose field names roll over with the calendar, so that it stays in its compact encoding:
--   20781            booked on that day (days since 1970)      m24323          booked in that month
--   h…               held                                      m24323/MODEL    of which this model (purses)
--   g…               of the booked: paid from extra credit     t               booked, ever
--   c…               brought along from another account        credit          extra credit left
--   w…               the warning given (75, 90)                o, og           folded ledger: booked, credit
--   who              the names it goes by                      to              merged into that account
--   held             extra credit in open holds                from            unlinked from that account
-- "…" stands for a day or a month.
--
-- Keys are written out: a name that is put together each time costs more than most commands.
-- Numbers are doubles here: exact below 2^53 nanos (9 million dollars), nine times the largest cap.
local NO_CAP = 9007199254740991

local function account(id) return '{money}:a:' .. id end
local function num(value) return value and tonumber(value) or 0 end

-- What a period counts against its cap. Arithmetic reads the digits of a field by itself; "or 0" where there is none.
local function counted(booked, held, from_credit, brought)
  return (booked or 0) + (held or 0) - (from_credit or 0) + (brought or 0)
end

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
