-- The points are paid: the viewer has the reward, with its code. Nothing changes where that was so before.
--@include "../redis/lua/time.lua"
--@include "./lua/redemption.lua"
local now = time.now(A.now_ms)
local r = redemption.check(K.red)
if not r or r.state ~= 'holding' then return reply.ok(r and r.state or '') end
-- A prize that is not fetched goes back to the stock.
local release = r.points == 0 and A.until_ms > 0

--@commit
redis.call('HSET', K.red, 'state', 'issued', 'issued_at', now, 'code', A.code, 'ready_day', A.ready_day,
  'until', A.until_ms, 'cancel_until', now + A.cancel_ms)
if release then
  redis.call('ZADD', K.todo, A.until_ms + A.release_ms, A.account .. ':' .. A.id)
else
  redis.call('ZREM', K.todo, A.account .. ':' .. A.id)
end
return reply.ok('issued')
