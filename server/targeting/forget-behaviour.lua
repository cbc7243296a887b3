-- Forgets how an account behaves, where its record is still the one that was read.
local head = redis.call('GETRANGE', K.record, 0, 3)
local rev = #head == 4 and struct.unpack('>I4', head) or 0
if rev ~= A.rev then return reply.stale() end

--@commit
redis.call('DEL', K.record)
redis.call('ZREM', K.review, A.account)
for segment in string.gmatch(A.segments, '[^ ]+') do redis.call('HINCRBY', K.sizes, segment, -1) end
return reply.forgotten()
