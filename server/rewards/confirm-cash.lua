-- The shop has the cash: the redemption goes on, unless its time is over. One order pays one redemption, once.
--@include "../redis/lua/time.lua"
--@include "./lua/redemption.lua"
local now = time.now(A.now_ms)
local r = redemption.check(K.red)
if not r then return reply.not_found() end
if r.order ~= '' then
  if r.order == A.order then return reply.ok(r.state) end
  return reply.conflict()
end
if r.state ~= 'awaiting_cash' or now >= r.cash_until then return reply.closed() end

--@commit
redis.call('HSET', K.red, 'state', 'holding', 'order', A.order)
redis.call('ZADD', K.todo, now + A.grace_ms, A.account .. ':' .. A.id)
return reply.ok('holding')
