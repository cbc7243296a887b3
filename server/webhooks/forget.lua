-- Removes all that waits for a webhook that is no more.
--@commit
redis.call('DEL', K.due, K.bodies)
redis.call('ZREM', K.hooks, A.webhook)
return reply.ok()
