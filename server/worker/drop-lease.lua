-- Gives up the care of a partition, where it is ours.
if redis.call('GET', K.lease) ~= A.worker then return reply.ok() end
--@commit
redis.call('DEL', K.lease)
return reply.ok()
