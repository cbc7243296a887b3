-- The archive's head moves forward only: a worker that lost its lease without noticing must not move it back.
local ms, seq = string.match(redis.call('HGET', K.chain, 'id') or '0-0', '^(%d+)-(%d+)$')
ms, seq = tonumber(ms), tonumber(seq)
if ms > A.ms or (ms == A.ms and seq >= A.seq) then return reply.kept() end
--@commit
redis.call('HSET', K.chain, 'id', string.format('%.0f-%.0f', A.ms, A.seq), 'count', A.count, 'hash', A.hash)
return reply.raised()
