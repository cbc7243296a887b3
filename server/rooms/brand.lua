-- Gives a brand its issuer number, once.
local NUMBERS_MAX = 65535
local known = redis.call('HGET', K.brands, A.brand)
if known then return reply.ok(tonumber(known)) end
-- Brand ids never contain '#'.
local newest = tonumber(redis.call('HGET', K.brands, '#') or 0)
if newest >= NUMBERS_MAX then return reply.full() end

--@commit
redis.call('HSET', K.brands, '#', newest + 1, A.brand, newest + 1)
return reply.ok(newest + 1)
