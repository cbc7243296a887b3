-- Begins an idempotent request, or answers what it answered before.
local kept = redis.call('HMGET', K.once, 'hash', 'lease', 'status', 'body')
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if kept[1] then
  if kept[1] ~= A.hash then return reply.conflict() end
  if kept[3] then return reply.answered(kept[3], kept[4]) end
  if tonumber(kept[2]) > now then return reply.running(tonumber(kept[2]) - now) end
end

--@commit
redis.call('HSET', K.once, 'hash', A.hash, 'lease', now + A.lease_ms)
redis.call('PEXPIRE', K.once, A.life_ms)
return reply.begun()
