-- Counts a friend against the inviter's day and life, once per friend. Values: time, network, why it counts for nothing or '-'.
local all = redis.call('HGETALL', K.friends)
local ever, today = 0, 0
for i = 1, #all, 2 do
  local at, why = string.match(all[i + 1], '^(%d+) %S+ (%S+)$')
  if why == '-' then
    if all[i] == A.invited then return reply.counted() end
    ever = ever + 1
    if tonumber(at) >= A.day_ms then today = today + 1 end
  end
end
if ever >= A.per_life then return reply.life_full() end
if today >= A.per_day then return reply.day_full() end

--@commit
redis.call('HSET', K.friends, A.invited, string.format('%.0f %s -', A.at_ms, A.network))
return reply.counted()
