-- Takes an account number that nobody has, and notes the identity it is taken for.
--@include "../redis/lua/time.lua"
--@include "./lua/link.lua"
if redis.call('EXISTS', K.profile) == 1 then return reply.taken() end
local made = link.make(link.LINKING, A.nonce, time.now(-1), A.rest)

--@commit
redis.call('SET', K.profile, A.profile)
redis.call('SET', K.whose, A.whose)
redis.call('HSET', K.links, A.hash, made)
return reply.claimed()
