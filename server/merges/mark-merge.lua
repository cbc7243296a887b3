-- Notes how far a merge is, unless somebody else has noted something meanwhile.
if redis.call('HGET', K.merges, A.id) ~= A.was then return reply.changed() end
-- Of the accounts that went into the same one all others stay; this one does unless it is free again.
local former = A.free == '' and A.from .. ':' .. A.at_ms .. ' ' or ''
for from, at_ms in string.gmatch(redis.call('HGET', K.former, A.target) or '', '(%d+):(%d+) ') do
  if from ~= A.from then former = former .. from .. ':' .. at_ms .. ' ' end
end

--@commit
redis.call('HSET', K.merges, A.id, A.record)
if A.due_ms > 0 then
  redis.call('ZADD', K.due, A.due_ms, A.id)
else
  redis.call('ZREM', K.due, A.id)
end
if A.free ~= '' then redis.call('HDEL', K.into, A.free) end
if former == '' then
  redis.call('HDEL', K.former, A.target)
else
  redis.call('HSET', K.former, A.target, former)
end
return reply.marked()
