-- Starts a task or campaign, once per request, and tells the room.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/once.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/runs.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local state, first = once.check(K.once, A.hash)
if state == 'conflict' then return reply.id_conflict() end
if state == 'same' then return reply.replayed(first) end
if h.state ~= 'open' then return reply.room_ended() end
local found = runs.check(K.runs, K.won, h)
if #runs.list(found, A.kind) / 2 >= A.running_max then return reply.room_full() end

--@commit
runs.commit_over(K.runs, K.won, K.moments, h, found)
local number = redis.call('HINCRBY', K.head, 'number', 1)
local ends = h.now + A.length_ms
local json = string.format('{"%s":%.0f,"startsAtMs":%.0f,"endsAtMs":%.0f,', A.kind, number, h.now, ends) .. A.rest
redis.call('HSET', K.runs, number, string.format('%s:%.0f:%.0f:%.0f:', A.kind, h.live, ends, A.places) .. json)
head.commit_moment(h, K.moments, string.format('{"kind":"%s.started","%s":', A.kind, A.kind) .. json .. '}')
once.commit(K.once, A.hash, json)
return reply.ok(json)
