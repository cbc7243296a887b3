-- Takes one piece for one viewer, once per redemption: its window, the stock and the viewer's limits are decided here,
-- by the clock of this slot. A refusal is remembered as well, so that a repeat gets the same answer.
--@include "../redis/lua/time.lua"
--@include "./lua/calendar.lua"
--@include "./lua/stock.lua"
--@include "./lua/mine.lua"
--@include "./lua/redemption.lua"
local now = time.now(A.now_ms)
local day = calendar.day(now, A.day, A.day_ends_ms, A.next_day_ends_ms)
local week = calendar.week(day)
if redis.call('EXISTS', K.red) == 1 then return reply.known() end
local s = stock.check(K.state, week)
if not s or s.version < A.version then return reply.stale() end
-- Also a price that an event changed since the points were held.
if s.version > A.version or now < A.price_from_ms or now >= A.price_until_ms then return reply.changed() end

local opens, closes = A.opens_ms, A.closes_ms
if A.flash == 1 then
  opens, closes = math.max(opens, s.flash_opens), math.min(closes, s.flash_closes)
end
local m = mine.check(K.mine, day, week)
-- What accounts took that have become one with this counts, but is theirs.
local before = {ever = A.former_ever, on_day = A.former_on_day, in_week = A.former_in_week}
local limit = mine.reached(m, before, {ever = A.per_ever, on_day = A.per_day, in_week = A.per_week})
local why
if not s.open or now >= closes then
  why = 'over'
elseif now < opens - A.early_ms then
  why = 'not_yet'
elseif limit then
  why = 'limit'
elseif not stock.has(s, 1) then
  why = 'sold_out'
end
local member = A.account .. ':' .. A.id
local state = A.cash_fen > 0 and 'awaiting_cash' or 'holding'
local cash_until = A.cash_fen > 0 and now + A.cash_ms or 0

--@commit
if why then
  redis.call('HSET', K.red, 'state', 'failed', 'at', now, 'points', A.points, 'cash', A.cash_fen, 'why', why)
  -- Somebody was given something else for a prize that was gone: that must stay so.
  redis.call('PEXPIRE', K.red, A.points > 0 and redemption.FAILED_MS or redemption.KEPT_MS)
  return reply.refused(why)
end
redis.call('HSET', K.red, 'state', state, 'at', now, 'points', A.points, 'cash', A.cash_fen, 'version', A.version,
  'day', day, 'point', A.point, 'cash_until', cash_until)
stock.commit_move(s, K.alerts, -1, now)
-- What is won counts against no limit.
if A.points > 0 then mine.commit_taken(m) end
if A.flash == 1 then
  redis.call('HSET', K.state, 'flash_taken', s.flash_taken + 1)
  redis.call('ZADD', K.flash_owed, now, string.format('%.0f:%s:%s', s.flash_opens, A.account, A.room))
end
redis.call('ZADD', K.taken, now, member)
redis.call('ZREMRANGEBYRANK', K.taken, 0, -1 - A.taken_max)
redis.call('ZADD', K.todo, A.cash_fen > 0 and cash_until or now + A.grace_ms, member)
return reply.taken(now)
