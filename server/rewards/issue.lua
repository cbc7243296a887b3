-- The points are paid: the viewer has the reward, with its code. Nothing changes where that was so before.
--@include "../redis/lua/time.lua"
--@include "./lua/redemption.lua"
local now = time.now(A.now_ms)
local r = redemption.check(K.red)
if not r or r.state ~= 'holding' then return reply.ok(r and r.state or '') end

--@commit
redis.call('HSET', K.red, 'state', 'issued', 'issued_at', now, 'code', A.code, 'ready_day', A.ready_day,
  'until', A.until_ms, 'cancel_until', now + A.cancel_ms)
redis.call('ZREM', K.todo, A.account .. ':' .. A.id)
return reply.ok('issued')
