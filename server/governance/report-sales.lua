-- What a brand sold elsewhere on a day, as one sum that a later report replaces. The first report of all makes the cap bind.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local field = string.format('%.0f %.0f', A.day, A.brand)
local was = tonumber(redis.call('HGET', K.reports, field) or 0)
local binds = tonumber(redis.call('HGET', K.issuance, 'binds') or 0)
local first = binds == 0
if first then binds = now + A.notice_ms end
--@commit
redis.call('HSET', K.reports, field, A.fen)
redis.call('HINCRBY', K.sales, A.day, A.fen - was)
if first then redis.call('HSET', K.issuance, 'binds', binds) end
return reply.reported(was, binds)
