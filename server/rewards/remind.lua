-- The viewer was reminded that a code ends; what is left to do is to take back a prize that nobody fetches.
--@include "./lua/redemption.lua"
local r = redemption.check(K.red)
if not r or r.state ~= 'issued' then return reply.ok(r and r.state or '') end
local member = A.account .. ':' .. A.id

--@commit
redis.call('HSET', K.red, 'remind', 0)
if r.points == 0 then
  redis.call('ZADD', K.todo, r.until_ms + A.release_ms, member)
else
  redis.call('ZREM', K.todo, member)
end
return reply.ok(r.state)
