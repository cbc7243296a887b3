-- Brings the reward's slot to a version of its document. Stock that is there stays; a new kind of stock starts anew.
--@include "../redis/lua/time.lua"
--@include "./lua/calendar.lua"
--@include "./lua/stock.lua"
local now = time.now(A.now_ms)
local week = calendar.week(calendar.day(now, A.day, A.day_ends_ms, A.next_day_ends_ms))
local s = stock.check(K.state, week)
if s and s.version >= A.version then return reply.ok(s.version) end
local left, alert = A.pieces, 0
if s then
  alert = s.alert
  if s.kind == A.kind then
    left = A.kind == 'weekly' and math.max(0, s.left + A.pieces - s.per_week) or s.left
  end
end
local per_week = A.kind == 'weekly' and A.pieces or 0
-- Nobody is told that something is gone which was never there.
local low = A.kind ~= 'endless' and (left <= 0 and 2 or left <= A.threshold and 1) or 0

--@commit
redis.call('HSET', K.state, 'version', A.version, 'open', A.open, 'kind', A.kind, 'left', left, 'per_week', per_week,
  'week', week, 'threshold', A.threshold, 'low', low, 'alert', alert)
return reply.ok(A.version)
