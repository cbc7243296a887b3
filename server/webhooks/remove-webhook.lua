-- A webhook goes, with what is remembered of its attempts.
if redis.call('HEXISTS', K.webhooks, A.id) == 0 then return reply.unknown() end
--@commit
redis.call('HDEL', K.webhooks, A.id)
redis.call('DEL', K.attempts)
redis.call('HINCRBY', K.counts, A.brand, -1)
redis.call('INCR', K.changes)
return reply.removed()
