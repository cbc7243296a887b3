-- A redemption is given up: before it is paid at any time, afterwards while its terms allow; a shop may always, unless
-- it was used. The piece is back at once, the points follow.
--@include "../redis/lua/time.lua"
--@include "./lua/calendar.lua"
--@include "./lua/stock.lua"
--@include "./lua/mine.lua"
--@include "./lua/redemption.lua"
--@include "./lua/give.lua"
local now = time.now(A.now_ms)
local day = calendar.day(now, A.day, A.day_ends_ms, A.next_day_ends_ms)
local r = redemption.check(K.red)
if not r then return reply.not_found() end
local late = r.state == 'awaiting_cash' and now >= r.cash_until
if r.state ~= 'awaiting_cash' and r.state ~= 'issued' then return reply.ok(r.state) end
-- A deadline is not met by asking early.
if A.why == 'cash_late' and not late then return reply.ok(r.state) end
-- A prize that nobody fetched, and that no phone without network can still hand over.
if A.why == 'expired' then
  if r.state ~= 'issued' or r.points > 0 or r.until_ms == 0 or now < r.until_ms + A.release_ms then
    return reply.ok(r.state)
  end
elseif r.state == 'issued' and A.why ~= 'shop' and now >= r.cancel_until then return reply.closed() end
local s = stock.check(K.state, calendar.week(day))
local m = mine.check(K.mine, day, calendar.week(day))
local state = r.state == 'issued' and 'refunding' or 'cancelling'

--@commit
give.commit_back(s, m, K.alerts, r, now)
redis.call('HSET', K.red, 'state', state, 'why', late and 'cash_late' or A.why)
redis.call('ZADD', K.todo, now + A.grace_ms, A.account .. ':' .. A.id)
return reply.ok(state)
