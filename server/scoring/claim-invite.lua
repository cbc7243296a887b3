-- Notes who invited an account and what was promised: the first one does.
local kept = redis.call('HMGET', K.invited, 'inviter', 'terms', 'state')
if kept[1] then
  if kept[1] ~= A.inviter then return reply.taken() end
  return reply.known(kept[2], kept[3])
end

--@commit
redis.call('HSET', K.invited, 'inviter', A.inviter, 'terms', A.terms, 'state', 'claimed')
redis.call('PEXPIRE', K.invited, A.claim_ms)
return reply.known(A.terms, 'claimed')
