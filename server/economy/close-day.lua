-- Closes a day, once: whoever comes second finds it closed and changes nothing. The oldest days go.
if redis.call('HEXISTS', K.days, A.day) == 1 then return reply.known() end
local function surplus(key, most)
  local fields = redis.call('HKEYS', key)
  if #fields < most then return {} end
  local days = {}
  for i, field in ipairs(fields) do days[i] = tonumber(field) end
  table.sort(days)
  local old = {}
  for i = 1, #days - most + 1 do old[i] = days[i] end
  return old
end
local old_days, old_lives = surplus(K.days, A.days_max), surplus(K.lives, A.lives_max)

--@commit
redis.call('HSET', K.days, A.day, A.closed)
redis.call('HSET', K.lives, A.day, A.of_lives)
if #old_days > 0 then redis.call('HDEL', K.days, unpack(old_days)) end
if #old_lives > 0 then redis.call('HDEL', K.lives, unpack(old_lives)) end
return reply.closed()
