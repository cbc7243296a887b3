-- The points are paid: the viewer has the reward, with its code. Nothing changes where that was so before.
--@include "../redis/lua/time.lua"
--@include "./lua/redemption.lua"
local now = time.now(A.now_ms)
local r = redemption.check(K.red)
if not r or r.state ~= 'holding' then return reply.ok(r and r.state or '') end
-- The viewer is reminded of a code that ends.
local remind = A.until_ms > 0 and math.max(now, A.until_ms - A.remind_ms) or 0

--@commit
redis.call('HSET', K.red, 'state', 'issued', 'issued_at', now, 'code', A.code, 'ready_day', A.ready_day,
  'until', A.until_ms, 'cancel_until', now + A.cancel_ms, 'remind', remind)
if A.until_ms > 0 then
  redis.call('ZADD', K.todo, remind, A.account .. ':' .. A.id)
else
  redis.call('ZREM', K.todo, A.account .. ':' .. A.id)
end
return reply.ok('issued')
