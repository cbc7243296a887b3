-- Forgets what is made of the journal of one account, where its record is still the one that was read.
--@include "./lua/revision.lua"
if revision.of(K.record) ~= A.rev then return reply.stale() end
local counted = cjson.decode(A.counted)

--@commit
redis.call('DEL', K.record)
redis.call('ZREM', K.order, A.account)
for i = 1, #counted do redis.call('HINCRBY', K.counts, counted[i], -1) end
return reply.forgotten()
