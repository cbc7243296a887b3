-- Takes account numbers that nobody has, and notes the identity that each is taken for.
--@include "../redis/lua/time.lua"
--@include "./lua/link.lua"
local now = time.now(-1)
local claimed, made, seen = {}, {}, {}
for i = 1, E.n do
  local profile = E.profile(i)
  claimed[i] = not seen[profile] and redis.call('EXISTS', profile) == 0 and 1 or 0
  made[i] = link.make(link.LINKING, E.nonce(i), now, E.rest(i))
  seen[profile] = true
end

--@commit
for i = 1, E.n do
  if claimed[i] == 1 then
    redis.call('SET', E.profile(i), A.profile)
    redis.call('SET', E.whose(i), E.sealed(i))
    redis.call('HSET', E.links(i), E.hash(i), made[i])
  end
end
return reply.claimed(claimed)
