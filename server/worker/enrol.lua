-- Says that a worker is alive and counts those that are.
--@include "../redis/lua/time.lua"
local now = time.now(-1)
--@commit
redis.call('ZADD', K.workers, now, A.worker)
redis.call('ZREMRANGEBYSCORE', K.workers, '-inf', now - A.lease_ms)
return reply.ok(redis.call('ZCARD', K.workers))
