-- Tells up to 200 accounts how many of their points expire at the start of a month: an entry without moves, once each.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/sweep.lua"
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end

local now = time.now(A.now_ms)
local wanted, numbers = {}, {}
for i = 1, E.n do
  wanted[i] = E.account(i)
  numbers[i] = E.number(i)
end
local raw = redis.call('MGET', unpack(wanted))
local known = redis.call('SMISMEMBER', K.told, unpack(numbers))
local told = {changed = {}, entries = {}, totals = {}}
local fresh = {}
local kept = math.max(0, A.expires_ms - now) + A.kept_ms
for i = 1, E.n do
  local p = known[i] == 0 and purse.open(raw[i] or nil, numbers[i])
  local points = 0
  for _, lot in ipairs(p and p.wallet or {}) do
    if lot.bucket == purse.SPENDABLE and lot.month == A.lot_month then points = points + lot.amount end
  end
  if points > 0 then
    fresh[#fresh + 1] = numbers[i]
    told.changed[#told.changed + 1] = {account_key = E.account(i), sealed = purse.seal(p)}
    told.entries[#told.entries + 1] = purse.entry(p, {
      cause = A.cause, deadline = A.expires_ms, subject = string.format('%.0f', points),
    })
  end
end

--@commit
sweep.commit(told, now, K.journal, K.totals)
if #fresh > 0 then
  redis.call('SADD', K.told, unpack(fresh))
  redis.call('PEXPIRE', K.told, kept)
end
return reply.told(#fresh)
