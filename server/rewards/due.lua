-- What a reward wants done now: redemptions with an overdue step, who is owed for a flash window, alerts, and the
-- edge of its flash window.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local h = redis.call('HMGET', K.state, 'flash_opens', 'flash_closes', 'flash_room', 'flash_told', 'flash_taken')
local opens, closes, told = tonumber(h[1] or 0), tonumber(h[2] or 0), tonumber(h[4] or 2)
-- A window that nobody was told of in time is passed over in silence.
local edge = 'none'
if told == 0 and now >= opens and now < closes then
  edge = 'opened'
elseif told == 1 and now >= closes then
  edge = 'closed'
end
local list = redis.call('ZRANGEBYSCORE', K.todo, '-inf', now, 'LIMIT', 0, A.limit)
local todo = #list
local owed = redis.call('ZRANGEBYSCORE', K.flash_owed, '-inf', now - A.grace_ms, 'LIMIT', 0, A.limit)
for _, part in ipairs(owed) do list[#list + 1] = part end
for _, alert in ipairs(redis.call('LRANGE', K.alerts, 0, A.limit - 1)) do list[#list + 1] = alert end
return reply.ok(now, edge, h[3] or '', opens, closes, tonumber(h[5] or 0), todo, #owed, list)
