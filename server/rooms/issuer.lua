-- Gives a brand, room or host the number that lots name it by, once.
local NUMBERS_MAX = 65535
local known = redis.call('HGET', K.issuers, A.name)
if known then return reply.ok(tonumber(known)) end
if redis.call('HLEN', K.issuers) >= NUMBERS_MAX then return reply.full() end
local taken = {}
for _, number in ipairs(redis.call('HVALS', K.issuers)) do taken[tonumber(number)] = true end
-- The name says where to begin, so that a number that was lost with its master is given to the same one again.
local number = A.start
while taken[number] do number = number % NUMBERS_MAX + 1 end

--@commit
redis.call('HSET', K.issuers, A.name, number)
redis.call('HSET', K.owners, number, A.name)
return reply.ok(number)
