-- Forgets the clubs of an account, where its record is still the one that was read.
local head = redis.call('GETRANGE', K.record, 0, 3)
local rev = #head == 4 and struct.unpack('>I4', head) or 0
if rev ~= A.rev then return reply.stale() end
local sizes = cjson.decode(A.sizes)

--@commit
redis.call('DEL', K.record)
redis.call('ZREM', K.members, A.account)
for i = 1, #sizes do redis.call('HINCRBY', K.sizes, sizes[i], -1) end
return reply.forgotten()
