-- Who has come in for the first time: ends the making of their links, and keeps their names.
--@include "./lua/link.lua"
local linked = {}
for i = 1, E.n do
  local kept = redis.call('HGET', E.links(i), E.hash(i))
  -- Who was erased meanwhile has no link any more, and must not get the name back.
  linked[i] = kept and link.nonce(kept) == E.nonce(i) and link.as(kept, link.LINKED)
end

--@commit
for i = 1, E.n do
  if linked[i] then
    redis.call('HSET', E.links(i), E.hash(i), linked[i])
    redis.call('SET', E.profile(i), E.said(i))
    redis.call('ZADD', E.names(i), 0, E.member(i))
  end
end
return reply.entered()
