-- Tells the room that a flash window opened or closed, once each.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local told = tonumber(redis.call('HGET', K.flashes, A.reward) or 0)
-- Twice the opening, and one more where it closed.
local mark = 2 * A.opens_ms + A.closed
if told >= mark then return reply.ok() end

--@commit
redis.call('HSET', K.flashes, A.reward, mark)
head.commit_moment(h, K.moments, A.body)
return reply.ok()
