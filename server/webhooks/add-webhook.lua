-- A new webhook, where the brand may have one more.
--@include "../redis/lua/time.lua"
local count = tonumber(redis.call('HGET', K.counts, A.brand) or 0)
if count >= A.brand_max or redis.call('HLEN', K.webhooks) >= A.all_max then return reply.full() end
local now = time.now(-1)

--@commit
-- The time is Redis's, as in journals: only what happens later is told.
redis.call('HSET', K.webhooks, A.id, string.format('%.0f ', now) .. A.document)
redis.call('HINCRBY', K.counts, A.brand, 1)
redis.call('INCR', K.changes)
return reply.added(now)
