-- Moves a claim from one state to another, or takes it away where the new one is empty; only where it is as the caller thinks.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local raw = redis.call('HGET', K.record, A.field)
local claim = raw and cjson.decode(raw)
if not claim or claim.code ~= A.code or claim.sinceMs ~= A.since_ms then return reply.gone() end
if claim.state ~= A.was then return reply.other() end
local moved = string.gsub(raw, '"state":"%a+"', '"state":"' .. A.to .. '"', 1)

--@commit
if A.to == '' then
  redis.call('HDEL', K.record, A.field)
  redis.call('ZREM', K.todo, A.account .. ' ' .. A.field)
else
  redis.call('HSET', K.record, A.field, moved)
  redis.call('ZADD', K.todo, string.format('%.0f', now + A.wait_ms), A.account .. ' ' .. A.field)
end
return reply.moved()
