-- Queues what was not made from a journal, once per id.
--@include "../redis/lua/time.lua"
--@include "./lua/outbox.lua"
local now = time.now(-1)
local fresh, over, seen, counts = {}, {}, {}, {}
for i = 1, E.n do
  local id = E.id(i)
  local name = E.webhook(i) .. '.' .. id
  local found = redis.call('ZSCORE', K.seen, name) and 'known' or outbox.check(E.due(i), id, A.waiting_max, counts)
  if found == 'full' then
    over[#over + 1] = i
  elseif found == 'new' then
    fresh[#fresh + 1] = {due = E.due(i), bodies = E.bodies(i), webhook = E.webhook(i), id = id, body = E.body(i), at = now}
    seen[#seen + 1] = now
    seen[#seen + 1] = name
  end
end
if #over > 0 then return reply.full(over) end
if #fresh == 0 then return reply.queued(0) end

--@commit
for _, one in ipairs(fresh) do outbox.commit(K.hooks, one) end
redis.call('ZADD', K.seen, unpack(seen))
redis.call('ZREMRANGEBYSCORE', K.seen, '-inf', now - A.seen_ms)
redis.call('ZREMRANGEBYRANK', K.seen, 0, -A.seen_max - 1)
return reply.queued(#fresh)
