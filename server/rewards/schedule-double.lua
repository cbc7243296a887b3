-- Notes a double-value event, unless the brand has as many in that month as it may. A repeat changes it; one that has
-- begun keeps its beginning, or it would be another one under the same id.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local field = A.brand .. ':' .. A.id
local all = redis.call('HGETALL', K.doubles)
local in_month, count = 0, 0
for i = 1, #all, 2 do
  count = count + 1
  local event = cjson.decode(all[i + 1])
  if all[i] == field and event.startsAtMs <= now and event.startsAtMs ~= A.starts_ms then return reply.begun() end
  if all[i] ~= field and event.brand == A.brand and event.month == A.month then in_month = in_month + 1 end
end
if in_month >= A.per_month then return reply.too_many() end
if count >= A.max then return reply.full() end

--@commit
redis.call('HSET', K.doubles, field, A.json)
redis.call('INCR', K.head)
return reply.ok()
