-- Lets an identity name nobody; a late step of the link that is ended here does nothing any more.
local kept = redis.call('GET', K.account)
if kept and kept ~= A.account and string.sub(kept, 1, 1) ~= '~' then return reply.other() end

--@commit
redis.call('SET', K.account, '~' .. A.nonce, 'PX', A.life_ms)
return reply.unpointed()
