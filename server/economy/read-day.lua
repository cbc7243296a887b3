-- A day as one partition counted it, what there is now, and what came on later days: all of one instant.
local newest = redis.call('XREVRANGE', K.journal, '+', '-', 'COUNT', 1)
local hashes = {redis.call('HGETALL', K.counted), redis.call('HGETALL', K.tally)}
for i = 1, E.n do hashes[i + 2] = redis.call('HGETALL', E.later(i)) end
local cursor = redis.call('HGET', K.cursors, A.consumer) or '0-0'
-- Trimmed to nothing it was dealt with.
local counted = not newest[1] or newest[1][1] == cursor
return reply.read(counted and 1 or 0, redis.call('SCARD', K.active), cjson.encode(hashes))
