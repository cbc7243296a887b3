-- The shop sells pieces elsewhere, brings new ones, or takes a sale back: each once, by its id. Never below nothing.
--@include "../redis/lua/time.lua"
--@include "./lua/calendar.lua"
--@include "./lua/stock.lua"
local KEPT_MS = 7776000000
local now = time.now(A.now_ms)
local week = calendar.week(calendar.day(now, A.day, A.day_ends_ms, A.next_day_ends_ms))
local s = stock.check(K.state, week)
if not s then return reply.not_found() end
local seen = redis.call('HMGET', K.moved, 'pieces', 'undone', 'week')
local moved, undone = tonumber(seen[1] or 0), seen[2] == '1'
if A.undo == 1 then
  if not seen[1] then return reply.not_found() end
  if undone then return reply.ok(s.left, now) end
elseif seen[1] then
  if moved ~= A.pieces then return reply.conflict() end
  return reply.ok(s.left, now)
elseif not stock.has(s, -A.pieces) then
  return reply.sold_out(s.left)
end
-- What was sold in a week that is over came from a release that is gone.
local back = (s.kind ~= 'weekly' or tonumber(seen[3] or 0) == s.week) and -moved or 0
if A.undo == 1 and not stock.has(s, -back) then return reply.sold_out(s.left) end

--@commit
if A.undo == 1 then
  redis.call('HSET', K.moved, 'undone', 1)
  stock.commit_move(s, K.alerts, back, now)
else
  redis.call('HSET', K.moved, 'pieces', A.pieces, 'week', s.week)
  redis.call('PEXPIRE', K.moved, KEPT_MS)
  stock.commit_move(s, K.alerts, A.pieces, now)
end
return reply.ok(s.left, now)
