-- Session points of a live that has ended expire, for up to 200 of its holders; frozen ones too.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/sweep.lua"
local LIVE_ENDED = 1
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
-- Points could still be earned, so what is swept would not stay swept.
if redis.call('SISMEMBER', K.ended, A.live) == 0 then return reply.running() end

local now = time.now(A.now_ms)
local swept = sweep.compute({cause = LIVE_ENDED, live = A.live}, function(lot)
  return lot.live == A.live and (lot.bucket == purse.SESSION or lot.bucket == purse.FROZEN)
end)

--@commit
if #swept.done > 0 then redis.call('SREM', K.holders, unpack(swept.done)) end
sweep.commit(swept, now, K.journal, K.totals)
return reply.swept(#swept.changed, swept.points, swept.unreadable)
