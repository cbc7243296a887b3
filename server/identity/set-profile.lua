-- What an account is called now, and what it is found under; nothing where the profile is another one by now.
if (redis.call('GET', K.profile) or '') ~= A.was then return reply.changed() end

--@commit
redis.call('SET', K.profile, A.said)
if A.from ~= '' then redis.call('ZREM', K.names, A.from) end
if A.to ~= '' then redis.call('ZADD', K.names, 0, A.to) end
return reply.set()
