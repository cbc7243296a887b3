-- Begins a merge: neither account may be merged away already, so no circle can come about.
local kept = redis.call('HGET', K.merges, A.id)
if kept then return reply.kept(kept) end
local gone = redis.call('HMGET', K.into, A.from, A.target)
if gone[1] or gone[2] then return reply.merged() end
if redis.call('HLEN', K.merges) >= A.max then return reply.full() end
local former = redis.call('HGET', K.former, A.target) or ''

--@commit
redis.call('HSET', K.merges, A.id, A.record)
redis.call('HSET', K.into, A.from, A.target .. ' ' .. A.id)
redis.call('HSET', K.former, A.target, former .. A.from .. ':' .. A.at_ms .. ' ')
redis.call('ZADD', K.due, A.due_ms, A.id)
return reply.begun()
