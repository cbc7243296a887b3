-- A webhook becomes another version of itself, where it still is what the caller saw.
if redis.call('HGET', K.webhooks, A.id) ~= A.seen then return reply.changed() end
--@commit
redis.call('HSET', K.webhooks, A.id, A.text)
redis.call('INCR', K.changes)
return reply.replaced()
