-- What the platform has issued and sold, as one hash and two calendars of days. A process has a row
-- 'p:INCARNATION' = "SEQUENCE LEASED PAID UNTIL"; the rest is named in keys.ts.
local issuance = {}

-- Fields by name, and rows by incarnation.
function issuance.read(key)
  local state, rows = {}, {}
  local list = redis.call('HGETALL', key)
  for i = 1, #list, 2 do
    local name = string.match(list[i], '^p:(.+)$')
    if name then
      local sequence, leased, paid, ends = string.match(list[i + 1], '^(%d+) (%d+) (%d+) (%d+)$')
      rows[name] = {sequence = tonumber(sequence), leased = tonumber(leased), paid = tonumber(paid), ends = tonumber(ends)}
    else
      state[list[i]] = list[i + 1]
    end
  end
  return state, rows
end

-- The sum of a calendar's days from the first on, and the fields that are too old to count again.
function issuance.sum(key, first, oldest)
  local sum, gone = 0, {}
  local list = redis.call('HGETALL', key)
  for i = 1, #list, 2 do
    local day = tonumber(list[i])
    if day >= first then sum = sum + tonumber(list[i + 1]) end
    if day < oldest then gone[#gone + 1] = list[i] end
  end
  return sum, gone
end

-- Points that may be issued for sales of so many fen. In two steps, so that no product passes 2^53.
function issuance.cap(fen, bps, point_fen)
  fen = math.max(0, fen)
  local worth = math.floor(fen / 10000) * bps + math.floor(fen % 10000 * bps / 10000)
  return math.floor(worth / point_fen)
end
