-- Ends a task of a club now; what was reached before is paid.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local raw = redis.call('HGET', K.tasks, A.task)
local task = raw and cjson.decode(raw)
if not task or now >= task.endsAtMs then return reply.gone() end
local ended = string.gsub(raw, '"endsAtMs":%d+', string.format('"endsAtMs":%.0f', now), 1)

--@commit
redis.call('HSET', K.tasks, A.task, ended)
return reply.ok()
