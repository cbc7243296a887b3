-- A code is used, once. A second use is told of the first; the same use may be repeated.
--@include "../redis/lua/time.lua"
--@include "./lua/redemption.lua"
local now = time.now(A.now_ms)
local r = redemption.check(K.red)
if not r then return reply.not_found() end
if r.state == 'used' then
  if r.use_id == A.use_id then return reply.ok(r.used_at) end
  return reply.used(r.used_at, r.clerk, r.device)
end
if r.state ~= 'issued' then return reply.closed(r.state) end
if r.point ~= A.point then return reply.elsewhere() end
-- A phone that was offline says when it was used; that counts, but never as later than now.
local used_at = A.used_ms > 0 and math.min(A.used_ms, now) or now
if r.until_ms > 0 and used_at >= r.until_ms then return reply.over() end

--@commit
redis.call('HSET', K.red, 'use_id', A.use_id, 'used_at', used_at, 'clerk', A.clerk, 'device', A.device)
redemption.commit_end(K.red, K.todo, A.account .. ':' .. A.id, 'used', redemption.KEPT_MS)
return reply.ok(used_at)
