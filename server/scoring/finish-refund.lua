-- Notes what a refund has taken back; answers what was noted first.
--@include "../redis/lua/time.lua"
--@include "../wallet/lua/kept.lua"
local element = kept.element(time.now(A.now_ms), A.account, kept.ORDER, A.name, {A.field, A.done})

--@commit
if redis.call('HSETNX', K.order, A.field, A.done) == 1 then redis.call('XADD', K.journal, '*', 'e', element) end
return reply.finished(redis.call('HGET', K.order, A.field))
