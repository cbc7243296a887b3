-- Switches safe mode and tells the room where it changed.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
if h.safe == A.safe then return reply.ok() end

--@commit
redis.call('HSET', K.head, 'safe', A.safe)
head.commit_moment(h, K.moments, A.body)
return reply.ok()
