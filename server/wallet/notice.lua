-- Tells up to 200 accounts how many of their points expire at the start of a month: an entry without moves.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/sweep.lua"
local EXPIRING_CAUSE = 24
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end

local now = time.now(A.now_ms)
local wanted = {}
for i = 1, E.n do wanted[i] = E.account(i) end
local raw = redis.call('MGET', unpack(wanted))
local told = {changed = {}, entries = {}, totals = {}}
for i = 1, E.n do
  local p = purse.open(raw[i] or nil, E.number(i))
  local points = 0
  for _, lot in ipairs(p and p.wallet or {}) do
    if lot.bucket == purse.SPENDABLE and lot.month == A.lot_month then points = points + lot.amount end
  end
  if points > 0 then
    told.changed[#told.changed + 1] = {account_key = E.account(i), sealed = purse.seal(p)}
    told.entries[#told.entries + 1] = purse.entry(p, {
      cause = EXPIRING_CAUSE, deadline = A.expires_ms, subject = string.format('%.0f', points),
    })
  end
end

--@commit
sweep.commit(told, now, K.journal, K.totals)
return reply.told(#told.changed)
