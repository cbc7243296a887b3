-- The points of a redemption are not there, or will go back: where nothing was taken nothing can be taken any more;
-- where its hold is lost, the piece comes back. What was decided otherwise stays.
--@include "../redis/lua/time.lua"
--@include "./lua/calendar.lua"
--@include "./lua/stock.lua"
--@include "./lua/mine.lua"
--@include "./lua/redemption.lua"
--@include "./lua/give.lua"
local now = time.now(A.now_ms)
local day = calendar.day(now, A.day, A.day_ends_ms, A.next_day_ends_ms)
local r = redemption.check(K.red)
local taken = r and (r.state == 'holding' or r.state == 'awaiting_cash')
if r and not (taken and A.lost == 1) then return reply.ok(r.state) end
local s, m
if taken then
  s = stock.check(K.state, calendar.week(day))
  m = mine.check(K.mine, day, calendar.week(day))
end

--@commit
if taken then give.commit_back(s, m, K.alerts, r, now) end
redis.call('HSET', K.red, 'at', now, 'why', 'expired')
redemption.commit_end(K.red, K.todo, A.account .. ':' .. A.id, 'failed', redemption.FAILED_MS)
return reply.ok('failed')
