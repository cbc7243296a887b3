-- Deliveries to one webhook that are due, the oldest first: id and body by turns. Nothing changes.
--@include "../redis/lua/time.lua"
local now = time.now(-1)
local ids = redis.call('ZRANGEBYSCORE', K.due, '-inf', now, 'LIMIT', 0, A.limit)
local found = {}
if #ids > 0 then
  for i, body in ipairs(redis.call('HMGET', K.bodies, unpack(ids))) do
    found[#found + 1] = ids[i]
    found[#found + 1] = body or ''
  end
end
return reply.taken(found)
