-- Notes who invited an account and what was promised: the first one does.
--@include "../redis/lua/time.lua"
--@include "../wallet/lua/kept.lua"
local known = redis.call('HMGET', K.invited, 'inviter', 'terms', 'state')
if known[1] then
  if known[1] ~= A.inviter then return reply.taken() end
  return reply.known(known[2], known[3])
end
local fields = {'inviter', A.inviter, 'terms', A.terms, 'state', 'claimed'}
local element = kept.element(time.now(A.now_ms), A.account, kept.INVITE, '', fields)

--@commit
redis.call('HSET', K.invited, unpack(fields))
redis.call('PEXPIRE', K.invited, A.claim_ms)
redis.call('XADD', K.journal, '*', 'e', element)
return reply.known(A.terms, 'claimed')
