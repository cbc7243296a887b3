-- Queues deliveries made from the journal and moves the worker's cursor behind their elements, in one step.
-- Nothing is done where one does not fit; the caller makes those dead letters first.
--@include "../redis/lua/time.lua"
--@include "./lua/outbox.lua"
local function parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local last_ms, last_seq = parse(A.last)
local done_ms, done_seq = parse(redis.call('HGET', K.cursors, A.consumer) or '0-0')
if last_ms < done_ms or (last_ms == done_ms and last_seq <= done_seq) then return reply.queued(0) end
-- Trimming stays behind the cursor, so an element that is not there was lost with the end of the data.
if #redis.call('XRANGE', K.journal, A.last, A.last) == 0 then return reply.gone() end

local now = time.now(-1)
local fresh, over, counts = {}, {}, {}
for i = 1, E.n do
  local found = outbox.check(E.due(i), E.id(i), A.waiting_max, counts)
  if found == 'full' then
    over[#over + 1] = i
  elseif found == 'new' then
    fresh[#fresh + 1] = {due = E.due(i), bodies = E.bodies(i), webhook = E.webhook(i), id = E.id(i), body = E.body(i), at = now}
  end
end
if #over > 0 then return reply.full(over) end

--@commit
for _, one in ipairs(fresh) do outbox.commit(K.hooks, one) end
redis.call('HSET', K.cursors, A.consumer, A.last)
return reply.queued(#fresh)
