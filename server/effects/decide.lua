-- The host's word on a broadcast. Approved, it is shown in the same step; it is decided once.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/acts.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local state = acts.check(K.act)
if state == A.word then return reply.decided() end
if state ~= acts.WAITING then return reply.ask_gone() end
local raw = redis.call('HGET', K.asks, A.ask)
local until_ms, rest = string.match(raw or '', '^(%d+):%d+:%d+:(.*)$')
if not until_ms or h.now >= tonumber(until_ms) then return reply.ask_gone() end
if A.word == 'shown' and h.safe == 1 then return reply.stage_safe() end

--@commit
acts.commit(K.act, A.word)
redis.call('HDEL', K.asks, A.ask)
if A.word == 'shown' then
  head.commit_moment(h, K.moments, '{"kind":"broadcast.shown",' .. rest)
end
return reply.decided()
