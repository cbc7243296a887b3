-- Adds what a partition's journal tells of orders, once: only what comes right after what was counted before.
local was = redis.call('HGET', K.counted, A.partition) or ''
if was ~= A.after then return reply.moved(was) end
--@commit
for i = 1, E.n do redis.call('HINCRBY', K.sales, E.day(i), E.fen(i)) end
redis.call('HSET', K.counted, A.partition, A.upto)
return reply.counted()
