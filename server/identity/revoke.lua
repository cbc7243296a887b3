-- Revokes a ticket or an account, drops what has run out, and refuses when the list is full.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local old = redis.call('ZCOUNT', K.revoked, '-inf', now - A.life_ms)
local known = redis.call('ZSCORE', K.revoked, A.member)
if not known and redis.call('ZCARD', K.revoked) - old >= A.max then return reply.full() end

--@commit
redis.call('ZREMRANGEBYSCORE', K.revoked, '-inf', now - A.life_ms)
redis.call('ZADD', K.revoked, now, A.member)
return reply.revoked(now)
