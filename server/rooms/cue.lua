-- Holds, skips or announces a cue; what is announced or skipped is gone, so it happens once.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/cues.lua"
local h = head.check(K.head, time.now(A.now_ms))
local cue = h and cues.check_one(K.cues, A.cue)
if not cue then return reply.cue_gone() end

--@commit
if A.verb == 'hold' then
  cue.held, cue.last = true, h.now
  cues.commit_put(K.cues, K.queue, cue)
  return reply.ok()
end
cues.commit_remove(K.cues, K.queue, cue.id)
if A.verb == 'announce' and not cues.greets(cue) then
  head.commit_moment(h, K.moments, string.format(
    '{"kind":"tier.announced","ladder":"%s","rung":%.0f,"names":[%s],"others":%.0f,"text":', cue.ladder, cue.rung,
    cue.names, cue.others) .. A.text .. '}')
end
return reply.ok()
