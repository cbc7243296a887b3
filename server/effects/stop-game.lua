-- From open to closing: no ticket is given out any more, so the result stands. A repeat answers where it is.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/games.lua"
local h = head.check(K.head, time.now(A.now_ms))
local g = h and games.check(K.game)
if not g then return reply.missing() end
if g.state ~= 'open' then return reply.stopped(g.state, h.now) end
if A.at_once == 0 and h.now < g.ends then return reply.stopped('open', h.now) end

--@commit
redis.call('HSET', K.game, 'state', 'closing', 'ends', math.min(g.ends, h.now))
return reply.stopped('closing', h.now)
