-- A gift that was not made counts no more on the day it was counted on; once per id.
--@include "../redis/lua/time.lua"
--@include "./lua/gifts.lua"
local now = time.now(A.now_ms)
local points, counted_on = gifts.read_counted(redis.call('GET', K.done))
if not points then return reply.released() end
local day = counted_on or now < A.day_ends_ms and A.day or A.day + 1
local g = gifts.check(K.gifts, day, A.to)

--@commit
redis.call('DEL', K.done)
if g.today then
  redis.call('HSET', K.gifts, 'given', math.max(0, g.given - points), 'to:' .. A.to, math.max(0, g.pair - points))
end
return reply.released()
