-- A gift that was not made counts no more; once per id.
--@include "../redis/lua/time.lua"
--@include "./lua/gifts.lua"
local now = time.now(A.now_ms)
local points = tonumber(redis.call('GET', K.done) or 0)
if points == 0 then return reply.released() end
local g = gifts.check(K.gifts, now < A.day_ends_ms and A.day or A.day + 1, A.to)

--@commit
redis.call('DEL', K.done)
if g.today then
  redis.call('HSET', K.gifts, 'given', math.max(0, g.given - points), 'to:' .. A.to, math.max(0, g.pair - points))
end
return reply.released()
