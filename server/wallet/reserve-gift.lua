-- Counts a gift against the giver's limits before anything moves; once per id. What is refused counts nothing.
--@include "../redis/lua/time.lua"
--@include "./lua/gifts.lua"
local KEPT_MS = 7776000000
local now = time.now(A.now_ms)
local points, _, to = gifts.read_counted(redis.call('GET', K.done))
if points then
  if points ~= A.points or to and to ~= A.to then return reply.conflict() end
  return reply.reserved()
end
local day = now < A.day_ends_ms and A.day or A.day + 1
local g = gifts.check(K.gifts, day, A.to)
if now < g.wait then return reply.wait(g.wait - now) end
if g.given + A.points > A.daily_cap then return reply.daily(A.daily_cap - g.given) end
if g.pair + A.points > A.pair_cap then return reply.pair(A.pair_cap - g.pair) end

--@commit
if not g.today then redis.call('DEL', K.gifts) end
redis.call('HSET', K.gifts, 'day', day, 'given', g.given + A.points, 'wait', g.wait, 'to:' .. A.to, g.pair + A.points)
redis.call('SET', K.done, gifts.counted(A.points, day, A.to), 'PX', KEPT_MS)
return reply.reserved()
