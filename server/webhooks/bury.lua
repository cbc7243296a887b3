-- Keeps deliveries that are given up as dead letters; the oldest give way and are counted.
--@include "../redis/lua/time.lua"
local now = time.now(-1)
local fresh = 0
for i = 1, E.n do
  if not redis.call('ZSCORE', K.dead, E.name(i)) then fresh = fresh + 1 end
end
local over = redis.call('ZCARD', K.dead) + fresh - A.dead_max
local oldest = over > 0 and redis.call('ZRANGE', K.dead, 0, over - 1) or {}

--@commit
for i = 1, E.n do
  redis.call('ZADD', K.dead, now, E.name(i))
  redis.call('HSET', K.dead_bodies, E.name(i), E.body(i))
end
if #oldest > 0 then
  redis.call('ZREM', K.dead, unpack(oldest))
  redis.call('HDEL', K.dead_bodies, unpack(oldest))
  redis.call('HINCRBY', K.lost, A.brand, #oldest)
end
return reply.buried(#oldest)
