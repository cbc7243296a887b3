-- Counts an invite against the inviter's day, once per friend.
if redis.call('SISMEMBER', K.inviting, A.invited) == 1 then return reply.counted() end
if redis.call('SCARD', K.inviting) >= A.most then return reply.full() end

--@commit
redis.call('SADD', K.inviting, A.invited)
redis.call('PEXPIRE', K.inviting, A.kept_ms)
return reply.counted()
