-- Starts a live: everything that belongs to one live begins empty; the numbers of moments and comments go on.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
if h.state ~= 'ended' then return reply.room_open(h.live, h.state, h.started) end

--@commit
redis.call('UNLINK', K.heat, K.actors, K.pulses, K.board, K.names, K.comments, K.spotlit, K.liked, K.owed, K.cues, K.queue)
redis.call('HSET', K.head, 'live', A.live, 'state', 'open', 'started', h.now, 'last', h.now, 'issued', 0,
  'board', h.board + 1)
return reply.started(A.live, 'open', h.now)
