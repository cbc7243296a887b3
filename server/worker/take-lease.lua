-- Takes or renews the care of a partition.
local holder = redis.call('GET', K.lease)
if holder and holder ~= A.worker then return reply.taken() end
--@commit
redis.call('SET', K.lease, A.worker, 'PX', A.lease_ms)
return reply.held()
