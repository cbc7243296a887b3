-- Lets an identity name an account: where it names none, or the one it is taken from.
local kept = redis.call('GET', K.account)
if kept and string.sub(kept, 1, 1) == '~' then
  if string.sub(kept, 2) == A.nonce then return reply.closed() end
  kept = false
end
if kept == A.account then return reply.pointed() end
if kept and kept ~= A.was then return reply.taken(kept) end
-- What is to be taken over was ended meanwhile.
if not kept and A.was ~= '' then return reply.closed() end

--@commit
redis.call('SET', K.account, A.account)
return reply.pointed()
