-- Takes a live from open to ending; a repeat answers where it stands.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
if h.live ~= A.live or h.live == 0 then return reply.not_found() end
if h.state ~= 'open' then return reply.ok(h.live, h.state, h.started) end

--@commit
redis.call('HSET', K.head, 'state', 'ending', 'last', h.now)
return reply.ok(h.live, 'ending', h.started)
