-- Writes records of behaviour with what follows from them, and moves a reader's cursor behind what was seen, in one step.
-- A record begins with the number of its change, '>I4'. `tasks` are pairs of name and content, each behind its length, '>I2'.
local function texts(packed)
  local found, at = {}, 1
  while at <= #packed do
    local length = struct.unpack('>I2', packed, at)
    found[#found + 1] = string.sub(packed, at + 2, at + 1 + length)
    at = at + 2 + length
  end
  return found
end

if A.last ~= '' then
  if (redis.call('HGET', K.cursors, A.reader) or '0-0') ~= A.from then return reply.moved() end
  -- Trimming stays behind the cursor, so an element that is not there was lost with the end of the data.
  if #redis.call('XRANGE', K.journal, A.last, A.last) == 0 then return reply.gone() end
end
for i = 1, E.n do
  local head = redis.call('GETRANGE', E.record(i), 0, 3)
  local rev = #head == 4 and struct.unpack('>I4', head) or 0
  if rev ~= E.rev(i) then return reply.stale() end
end
local sizes, tasks = texts(A.sizes), texts(A.tasks)
if #tasks > 0 and redis.call('HLEN', K.todo) + #tasks / 2 > A.todo_max then return reply.full() end

--@commit
for i = 1, E.n do
  redis.call('SET', E.record(i), E.body(i))
  if E.review(i) > 0 then redis.call('ZADD', K.review, E.review(i), E.account(i))
  elseif E.review(i) < 0 then redis.call('ZREM', K.review, E.account(i)) end
end
for i = 1, #tasks, 2 do redis.call('HSET', K.todo, tasks[i], tasks[i + 1]) end
for i = 1, #sizes, 2 do redis.call('HINCRBY', K.sizes, sizes[i], sizes[i + 1]) end
if A.last ~= '' then redis.call('HSET', K.cursors, A.reader, A.last) end
return reply.written()
