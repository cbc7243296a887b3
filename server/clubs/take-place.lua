-- Gives an account a place of a club's task; who has one keeps it. A rank above 0 is a place, 0 is full, -1 is too late.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local known = redis.call('HGET', K.places, A.account)
if known then return reply.place(tonumber(known)) end
local raw = redis.call('HGET', K.tasks, A.task)
local task = raw and cjson.decode(raw)
if not task or A.reached_ms > task.endsAtMs or now > task.endsAtMs + A.late_ms then return reply.place(-1) end
local taken = tonumber(redis.call('HGET', K.won, A.task) or 0)
if taken >= task.places then return reply.place(0) end

--@commit
redis.call('HSET', K.places, A.account, taken + 1)
redis.call('PEXPIRE', K.places, A.kept_ms)
redis.call('HSET', K.won, A.task, taken + 1)
return reply.place(taken + 1)
