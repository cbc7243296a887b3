-- Queues deliveries made from the journal and moves the worker's cursor behind their elements, in one step.
-- Nothing is done where one does not fit; the caller makes those dead letters first.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/reader.lua"
--@include "./lua/outbox.lua"
if reader.passed(K.cursors, A.consumer, A.last) then return reply.queued(0) end
if reader.lost(K.journal, A.last) then return reply.gone() end

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
reader.commit(K.cursors, A.consumer, A.last)
return reply.queued(#fresh)
