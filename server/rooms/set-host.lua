-- Says who hosts a room, while no live is under way.
local state = redis.call('HGET', K.head, 'state')
if not state then return reply.room_not_found() end
if state ~= 'ended' then return reply.room_open() end

--@commit
redis.call('HSET', K.room, 'host', A.host)
return reply.set()
