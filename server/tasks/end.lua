-- Ends a task or campaign now and tells the room.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/runs.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.gone() end
local found = runs.check(K.runs, K.won, h)
local ended
for _, run in ipairs(found.running) do
  if run.number == A.number and run.kind == A.kind then ended = run end
end
if not ended then return reply.gone() end
ended.ends = h.now
found.over[#found.over + 1] = ended

--@commit
runs.commit_over(K.runs, K.won, K.moments, h, found)
return reply.ok()
