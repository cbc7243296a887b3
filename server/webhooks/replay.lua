-- Dead letters wait again, due at once. What is no longer dead or does not fit stays as it is.
--@include "../redis/lua/time.lua"
--@include "./lua/outbox.lua"
local now = time.now(-1)
local fresh, names, counts = {}, {}, {}
for i = 1, E.n do
  if redis.call('ZSCORE', K.dead, E.name(i)) then
    local found = outbox.check(E.due(i), E.id(i), A.waiting_max, counts)
    if found == 'new' then
      fresh[#fresh + 1] = {due = E.due(i), bodies = E.bodies(i), webhook = E.webhook(i), id = E.id(i), body = E.body(i), at = now}
    end
    if found ~= 'full' then names[#names + 1] = E.name(i) end
  end
end
if #names == 0 then return reply.replayed(0) end

--@commit
for _, one in ipairs(fresh) do outbox.commit(K.hooks, one) end
redis.call('ZREM', K.dead, unpack(names))
redis.call('HDEL', K.dead_bodies, unpack(names))
return reply.replayed(#names)
