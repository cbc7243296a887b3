-- Takes a live from ending to ended and tells the room, once. An open live is refused: it must end first.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
if h.live ~= A.live or h.live == 0 or h.state == 'open' then return reply.not_found() end
if h.state == 'ended' then return reply.ok(h.live, 'ended', h.started) end

--@commit
redis.call('HSET', K.head, 'state', 'ended')
head.commit_moment(h, K.moments, '{"kind":"live.ended"}')
return reply.ok(h.live, 'ended', h.started)
