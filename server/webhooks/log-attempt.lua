-- Remembers how an attempt went, for the webhook's owner, and since when there was nothing but failures.
local since = tonumber(redis.call('HGET', K.failing, A.webhook) or 0)
local good = A.good == 1
local now_since = not good and (since > 0 and since or A.at_ms) or 0

--@commit
redis.call('LPUSH', K.attempts, A.line)
redis.call('LTRIM', K.attempts, 0, A.kept - 1)
redis.call('PEXPIRE', K.attempts, A.life_ms)
if good and since > 0 then
  redis.call('HDEL', K.failing, A.webhook)
elseif not good and since == 0 then
  redis.call('HSET', K.failing, A.webhook, A.at_ms)
end
return reply.ok(now_since)
