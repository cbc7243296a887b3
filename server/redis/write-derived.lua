-- Writes records that are made of a journal, what follows from them, and how far its reader has got: in one step.
-- `counts` and `todo` are pairs of name and content, each behind its length, '>I2'. In the order an account stands behind
-- all who ever came (NEXT), nowhere (NOWHERE), as it did (0), or at that number.
--@include "./lua/reader.lua"
--@include "./lua/revision.lua"
--@include "./lua/told.lua"
local NEXT, NOWHERE = -2, -1
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
  if reader.moved(K.cursors, A.reader, A.from) then return reply.moved() end
  if reader.lost(K.journal, A.last) then return reply.gone() end
end
local fresh = 0
for i = 1, E.n do
  if revision.of(E.record(i)) ~= E.rev(i) then return reply.stale() end
  if E.rev(i) == 0 then fresh = fresh + 1 end
end
local counts, todo = texts(A.counts), texts(A.todo)
if #todo > 0 and redis.call('HLEN', K.todo) + #todo / 2 > A.todo_max then return reply.full() end
if fresh > 0 and redis.call('ZCARD', K.order) + fresh > A.records_max then return reply.full() end
local element = A.told ~= '' and told.element(A.told, A.now_ms)

--@commit
for i = 1, E.n do
  redis.call('SET', E.record(i), E.body(i))
  local at = E.at(i)
  if at == NEXT then at = redis.call('HINCRBY', K.counts, '#', 1) end
  if at > 0 then redis.call('ZADD', K.order, at, E.account(i))
  elseif at == NOWHERE then redis.call('ZREM', K.order, E.account(i)) end
end
for i = 1, #todo, 2 do redis.call('HSET', K.todo, todo[i], todo[i + 1]) end
for i = 1, #counts, 2 do redis.call('HINCRBY', K.counts, counts[i], counts[i + 1]) end
if element then redis.call('XADD', K.journal, '*', 'e', element) end
if A.last ~= '' then reader.commit(K.cursors, A.reader, A.last) end
return reply.written()
