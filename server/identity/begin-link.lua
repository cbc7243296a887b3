-- Notes that an identity shall be linked, unless it is noted already.
--@include "../redis/lua/time.lua"
--@include "./lua/link.lua"
if redis.call('HEXISTS', K.links, link.ERASED) == 1 then return reply.erased() end
local kept = redis.call('HGET', K.links, A.hash)
if kept then return reply.kept(kept) end
if redis.call('HLEN', K.links) >= A.max then return reply.full() end
local made = link.make(link.LINKING, A.nonce, time.now(-1), A.rest)

--@commit
redis.call('HSET', K.links, A.hash, made)
return reply.begun()
