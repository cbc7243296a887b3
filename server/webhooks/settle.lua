-- After an attempt: the delivery goes (no body), or waits with what it has become.
--@include "../redis/lua/time.lua"
if not redis.call('ZSCORE', K.due, A.id) then return reply.unknown() end
local now = time.now(-1)
local again = A.body ~= '' and now + A.delay_ms or nil
local earliest = again
local head = redis.call('ZRANGE', K.due, 0, 1, 'WITHSCORES')
for i = 1, #head, 2 do
  local at = tonumber(head[i + 1])
  if head[i] ~= A.id and (not earliest or at < earliest) then earliest = at end
end

--@commit
if again then
  redis.call('ZADD', K.due, again, A.id)
  redis.call('HSET', K.bodies, A.id, A.body)
else
  redis.call('ZREM', K.due, A.id)
  redis.call('HDEL', K.bodies, A.id)
end
if earliest then
  redis.call('ZADD', K.hooks, earliest, A.webhook)
else
  redis.call('ZREM', K.hooks, A.webhook)
end
return reply.settled()
