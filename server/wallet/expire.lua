-- Points whose month has come expire, for up to 200 accounts. Frozen ones wait, because nobody could spend them.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/months.lua"
--@include "./lua/sweep.lua"
local EXPIRED_CAUSE = 11
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end

local now = time.now(A.now_ms)
local month = months.now(now, A.month, A.month_ends_ms)
local swept = sweep.compute({cause = EXPIRED_CAUSE}, function(lot)
  return lot.bucket == purse.SPENDABLE and months.gone(lot.month, month)
end)

--@commit
sweep.commit(swept, now, K.journal, K.totals)
return reply.swept(#swept.changed, swept.points, swept.unreadable)
