-- A tip: counted, told to the room, once.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/acts.lua"
local WINDOW_MS, TOLD_MAX, GIVERS_MS = 10000, 30, 172800000
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local seen = acts.check(K.act)
if seen then return reply.seen(seen) end
if h.state ~= 'open' then return reply.room_ended() end
if h.safe == 1 then return reply.stage_safe() end
local given = tonumber(redis.call('HGET', K.givers, A.account) or 0)
if given + A.points > A.most then return reply.limit_reached() end
-- Moments are few: more tips than pages can show must wait, and their points stay where they are.
local window = math.floor(h.now / WINDOW_MS)
local at, told = string.match(redis.call('HGET', K.tips, 'window') or '0:0', '^(%d+):(%d+)$')
told = tonumber(at) == window and tonumber(told) or 0
if told >= TOLD_MAX then return reply.busy() end

--@commit
acts.commit(K.act, string.format('tip:%.0f', A.to_host))
redis.call('HINCRBY', K.givers, A.account, A.points)
redis.call('PEXPIRE', K.givers, GIVERS_MS)
redis.call('HINCRBY', K.tips, 'given', A.points)
redis.call('HINCRBY', K.tips, 'to_host', A.to_host)
redis.call('HSET', K.tips, 'window', string.format('%.0f:%.0f', window, told + 1))
head.commit_moment(h, K.moments, A.body)
return reply.tipped()
