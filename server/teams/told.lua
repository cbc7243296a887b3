-- The team has heard of it: nothing is left to be told, unless more was done meanwhile.
local raw = redis.call('HGET', K.record, A.field)
local claim = raw and cjson.decode(raw)
if claim and (claim.state ~= 'in' or claim.done ~= A.done) then return reply.more() end

--@commit
redis.call('ZREM', K.todo, A.account .. ' ' .. A.field)
return reply.told()
