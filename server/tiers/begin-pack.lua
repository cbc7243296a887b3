-- Notes what a pack holds before anything of it is given: once, whatever the tier is when it is asked for again.
local known = redis.call('HGET', K.packs, A.field)
if known then return reply.known(known) end

--@commit
redis.call('HSET', K.packs, A.field, A.content)
redis.call('ZADD', K.begun, A.at_ms, A.member)
return reply.begun()
