-- Puts aside what a team may cost, once for each code, or takes it back where `points` is 0.
--@include "../redis/lua/time.lua"
local sum = tonumber(redis.call('HGET', K.put, '#') or 0)
local known = tonumber(redis.call('HGET', K.put, A.code) or 0)
local now = time.now(A.now_ms)
if A.points == known then return reply.ok() end
local over = sum - known + A.points > A.budget or redis.call('HLEN', K.put) >= A.teams_max
if A.points > 0 and over then return reply.over() end

--@commit
if A.points == 0 then
  redis.call('HDEL', K.put, A.code)
else
  redis.call('HSET', K.put, A.code, A.points)
end
redis.call('HSET', K.put, '#', sum - known + A.points)
redis.call('PEXPIRE', K.put, string.format('%.0f', math.max(1, A.until_ms - now)))
return reply.ok()
