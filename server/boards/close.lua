-- Closes a board of a week, once: whoever comes second finds it closed and changes nothing. The oldest weeks go.
if redis.call('HEXISTS', K.closed, A.field) == 1 then return reply.known() end
local due, stars = cjson.decode(A.due), cjson.decode(A.stars)
local old = {}
for _, field in ipairs(redis.call('HKEYS', K.closed)) do
  if tonumber(string.match(field, '^%d+')) <= A.kept then old[#old + 1] = field end
end
local AT_ONCE = 1000

--@commit
redis.call('HSET', K.closed, A.field, A.closed)
if #due > 0 then redis.call('HSET', K.due, unpack(due)) end
if #stars > 0 then redis.call('HSET', K.stars, unpack(stars)) end
for from = 1, #old, AT_ONCE do
  redis.call('HDEL', K.closed, unpack(old, from, math.min(from + AT_ONCE - 1, #old)))
end
return reply.closed()
