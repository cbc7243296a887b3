-- A broadcast joins the host's queue.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/acts.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local seen = acts.check(K.act)
if seen then return reply.seen(seen) end
if h.state ~= 'open' then return reply.room_ended() end
if h.safe == 1 then return reply.stage_safe() end
local own, all = 0, 0
local waiting = redis.call('HGETALL', K.asks)
for i = 1, #waiting, 2 do
  if tonumber(string.match(waiting[i + 1], '^%d+')) > h.now then
    all = all + 1
    if string.sub(waiting[i], 1, #A.account + 1) == A.account .. ':' then own = own + 1 end
  end
end
if own >= A.own_max then return reply.limit_reached() end
if all >= A.all_max then return reply.busy() end

--@commit
acts.commit(K.act, acts.WAITING)
redis.call('HSET', K.asks, A.account .. ':' .. A.id,
  string.format('%.0f:%.0f:%.0f:', h.now + A.wait_ms, h.now, A.points) .. A.rest)
return reply.waiting()
