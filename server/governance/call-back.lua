-- Takes a scheduled version out of those to come, with all that were to follow it, since they were made from it.
--@include "../redis/lua/time.lua"
--@include "./lua/timeline.lua"
local now = time.now(A.now_ms)
local steps = timeline.read(redis.call('GET', K.head), now)
local found
for i = 2, #steps do
  if steps[i].version == A.version then found = steps[i] end
end
if not found then return reply.none() end
local gone = timeline.cut(steps, found.at)

--@commit
timeline.commit_note(K.books, gone, now, A.by)
redis.call('SET', K.head, timeline.write(steps))
return reply.called_back(gone)
