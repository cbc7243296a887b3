-- Remembers how an attempt went, for the webhook's owner.
--@commit
redis.call('LPUSH', K.attempts, A.line)
redis.call('LTRIM', K.attempts, 0, A.kept - 1)
redis.call('PEXPIRE', K.attempts, A.life_ms)
return reply.ok()
