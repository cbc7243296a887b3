-- Adds a clerk's key, unless the point has as many as it may.
if redis.call('HLEN', K.clerks) >= A.max then return reply.full() end

--@commit
redis.call('HSET', K.clerks, A.id, A.record)
return reply.created()
