-- Opens a draw, blind boxes or a vote, once per request, and tells the room.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/once.lua"
--@include "../redis/lua/head.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local state, first = once.check(K.once, A.hash)
if state == 'conflict' then return reply.id_conflict() end
if state == 'same' then return reply.replayed(tonumber(first)) end
if h.state ~= 'open' then return reply.room_ended() end
if redis.call('ZCARD', K.games) >= A.open_max then return reply.room_full() end
local ends = h.now + A.length_ms

--@commit
redis.call('HSET', K.game, 'kind', A.kind, 'state', 'open', 'live', h.live, 'opens', h.now, 'ends', ends,
  'points', A.points, 'per_viewer', A.per_viewer, 'total', A.total, 'tickets', 0, 'view', A.view, 'seed', A.seed)
redis.call('ZADD', K.games, ends, A.number)
once.commit(K.once, A.hash, string.format('%.0f', A.number))
head.commit_moment(h, K.moments, string.format('%s"opensAtMs":%.0f,"endsAtMs":%.0f,%s', A.moment, h.now, ends, A.rest))
return reply.opened(A.number)
