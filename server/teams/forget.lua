-- Forgets the teams of an account.
local fields = redis.call('HKEYS', K.record)

--@commit
redis.call('DEL', K.record)
redis.call('ZREM', K.members, A.account)
for _, field in ipairs(fields) do redis.call('ZREM', K.todo, A.account .. ' ' .. field) end
return reply.forgotten()
