-- Adds days to something the account owns.
--@include "../redis/lua/time.lua"
--@include "../wallet/lua/kept.lua"
--@include "./lua/acts.lua"
local now = time.now(A.now_ms)
local seen = acts.check(K.act)
if seen then return reply.seen(seen) end
local until_ms = math.max(now, tonumber(redis.call('HGET', K.owned, A.thing) or 0)) + A.length_ms
if until_ms - now > A.most_ms then return reply.limit_reached() end
local last = until_ms
for _, other in ipairs(redis.call('HVALS', K.owned)) do last = math.max(last, tonumber(other)) end
local element = kept.element(now, A.account, kept.OWNED, '', {A.thing, until_ms})

--@commit
acts.commit(K.act, 'done')
redis.call('XADD', K.journal, '*', 'e', element)
redis.call('HSET', K.owned, A.thing, until_ms)
redis.call('PEXPIRE', K.owned, last - now)
return reply.owned(until_ms)
