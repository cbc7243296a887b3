-- Writes a task of a club, once per request, within what the tasks of a day may promise. What is over goes.
-- A promise is points times places while the task runs, and what was paid of it afterwards.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/once.lua"
local now = time.now(A.now_ms)
local state, first = once.check(K.once, A.hash)
if state == 'conflict' then return reply.id_conflict() end
if state == 'same' then return reply.replayed(now, first) end
local all = redis.call('HGETALL', K.tasks)
local number, running, promised, old = 0, 0, 0, {}
for i = 1, #all, 2 do
  if all[i] == '#' then
    number = tonumber(all[i + 1])
  else
    local task = cjson.decode(all[i + 1])
    local over = now >= task.endsAtMs
    if not over then running = running + 1 end
    if task.day == A.day then
      local places = over and now > task.endsAtMs + A.late_ms
        and tonumber(redis.call('HGET', K.won, all[i]) or 0) or task.places
      promised = promised + task.points * places
    elseif now > task.endsAtMs + A.kept_ms then
      old[#old + 1] = all[i]
    end
  end
end
if running >= A.running_max then return reply.room_full() end
if promised + A.cost > A.budget then return reply.over(math.max(0, A.budget - promised)) end
local starts = now + A.lead_ms
local json = string.format('{"task":%.0f,"day":%.0f,"startsAtMs":%.0f,"endsAtMs":%.0f,',
  number + 1, A.day, starts, starts + A.length_ms) .. A.rest

--@commit
if #old > 0 then
  redis.call('HDEL', K.tasks, unpack(old))
  redis.call('HDEL', K.won, unpack(old))
end
redis.call('HSET', K.tasks, '#', number + 1, number + 1, json)
once.commit(K.once, A.hash, json)
return reply.ok(now, json)
