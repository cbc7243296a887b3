-- Notes what part of an order a refund is of, once per refund, and only where nobody noted another part meanwhile.
--@include "../redis/lua/time.lua"
--@include "../wallet/lua/kept.lua"
local order = redis.call('HMGET', K.order, 'fen', 'refunded', A.field)
if not order[1] then return reply.missing() end
if order[3] then return reply.noted(order[3]) end
if tonumber(order[2] or 0) ~= A.was then return reply.changed() end
local fields = {'refunded', A.was + A.fen, A.field, A.part}
local element = kept.element(time.now(A.now_ms), A.account, kept.ORDER, A.name, fields)

--@commit
redis.call('HSET', K.order, unpack(fields))
redis.call('XADD', K.journal, '*', 'e', element)
return reply.noted(A.part)
