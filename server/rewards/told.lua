-- Forgets what was told: alerts up to a number, and the edge of the flash window that opened then.
local first = redis.call('LRANGE', K.alerts, 0, 99)
local gone = 0
for i, alert in ipairs(first) do
  if tonumber(string.match(alert, '^%d+')) <= A.alert then gone = i end
end
local h = redis.call('HMGET', K.state, 'flash_opens', 'flash_told')
local flash = A.flash > 0 and tonumber(h[1] or 0) == A.opens_ms and tonumber(h[2] or 2) == A.flash - 1

--@commit
if gone > 0 then redis.call('LTRIM', K.alerts, gone, -1) end
if flash then redis.call('HSET', K.state, 'flash_told', A.flash) end
return reply.ok()
