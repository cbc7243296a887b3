-- Keeps an operator's reason, and journals it sealed.
--@include "../redis/lua/time.lua"
--@include "./lua/kept.lua"
local now = time.now(A.now_ms)
local element = kept.element(now, A.account, kept.NOTE, '', {A.ref, A.sealed})

--@commit
if redis.call('HSET', K.notes, A.ref, A.note) == 1 then redis.call('XADD', K.journal, '*', 'e', element) end
return reply.written()
