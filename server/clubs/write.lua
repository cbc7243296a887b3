-- Writes the clubs of accounts with what follows from them, and moves a reader's cursor behind what was seen, in one step.
-- A record begins with the number of its change, '>I4'. `sizes` and `tasks` are JSON lists of names and values in turn.
if A.last ~= '' then
  if (redis.call('HGET', K.cursors, A.reader) or '0-0') ~= A.from then return reply.moved() end
  -- Trimming stays behind the cursor, so an element that is not there was lost with the end of the data.
  if #redis.call('XRANGE', K.journal, A.last, A.last) == 0 then return reply.gone() end
end
local fresh = 0
for i = 1, E.n do
  local head = redis.call('GETRANGE', E.record(i), 0, 3)
  local rev = #head == 4 and struct.unpack('>I4', head) or 0
  if rev ~= E.rev(i) then return reply.stale() end
  if rev == 0 then fresh = fresh + 1 end
end
local sizes, tasks = cjson.decode(A.sizes), cjson.decode(A.tasks)
if #tasks > 0 and redis.call('HLEN', K.todo) + #tasks / 2 > A.todo_max then return reply.full() end
if fresh > 0 and redis.call('ZCARD', K.members) + fresh > A.members_max then return reply.full() end

--@commit
for i = 1, E.n do
  redis.call('SET', E.record(i), E.body(i))
  if E.rev(i) == 0 then
    redis.call('ZADD', K.members, redis.call('HINCRBY', K.sizes, '#', 1), E.account(i))
  end
end
for i = 1, #tasks, 2 do redis.call('HSET', K.todo, tasks[i], tasks[i + 1]) end
for i = 1, #sizes, 2 do redis.call('HINCRBY', K.sizes, sizes[i], sizes[i + 1]) end
if A.last ~= '' then redis.call('HSET', K.cursors, A.reader, A.last) end
return reply.written()
