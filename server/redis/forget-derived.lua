-- Forgets what is made of the journal of one account, where its record is still the one that was read.
--@include "./lua/revision.lua"
--@include "./lua/told.lua"
if revision.of(K.record) ~= A.rev then return reply.stale() end
local counted = cjson.decode(A.counted)
local element = A.told ~= '' and told.element(A.told, A.now_ms)

--@commit
redis.call('DEL', K.record)
redis.call('ZREM', K.order, A.account)
for i = 1, #counted do redis.call('HINCRBY', K.counts, counted[i], -1) end
if element then redis.call('XADD', K.journal, '*', 'e', element) end
return reply.forgotten()
