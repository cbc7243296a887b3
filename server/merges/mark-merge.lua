-- Notes how far a merge is, unless somebody else has noted something meanwhile.
if redis.call('HGET', K.merges, A.id) ~= A.was then return reply.changed() end

--@commit
redis.call('HSET', K.merges, A.id, A.record)
if A.due_ms > 0 then
  redis.call('ZADD', K.due, A.due_ms, A.id)
else
  redis.call('ZREM', K.due, A.id)
end
if A.free ~= '' then redis.call('HDEL', K.into, A.free) end
return reply.marked()
