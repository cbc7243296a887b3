-- Moves a link on to another state, or removes it. Who leaves must leave another behind.
--@include "./lua/link.lua"
local kept = redis.call('HGET', K.links, A.hash)
if not kept or link.nonce(kept) ~= A.nonce then return reply.other() end
if A.state == link.LEAVING and link.state(kept) == link.LINKED then
  local linked = 0
  for _, text in ipairs(redis.call('HVALS', K.links)) do
    if link.state(text) == link.LINKED then linked = linked + 1 end
  end
  if linked == 1 then return reply.last() end
end
local marked = link.as(kept, A.state)

--@commit
if A.state == '' then
  redis.call('HDEL', K.links, A.hash)
else
  redis.call('HSET', K.links, A.hash, marked)
end
return reply.marked()
