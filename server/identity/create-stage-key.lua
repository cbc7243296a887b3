-- Keeps the digest of a new stage key, unless the room has as many as allowed.
if redis.call('HLEN', K.stage) >= A.max then return reply.full() end

--@commit
redis.call('HSET', K.stage, A.id, A.record)
return reply.created()
