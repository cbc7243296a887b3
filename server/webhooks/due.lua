-- Webhooks with something to send now, and in how many ms the next one has; -1 where none waits.
--@include "../redis/lua/time.lua"
local now = time.now(-1)
local next = redis.call('ZRANGEBYSCORE', K.hooks, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
return reply.due(next[2] and next[2] - now or -1, redis.call('ZRANGEBYSCORE', K.hooks, '-inf', now))
