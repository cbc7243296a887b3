-- From closing to closed: the result is written and told, once.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/games.lua"
local PAST_MAX = 20
local h = head.check(K.head, time.now(A.now_ms))
local g = h and games.check(K.game)
if not g then return reply.missing() end
if g.state ~= 'closing' then return reply.finished() end

--@commit
redis.call('HSET', K.game, 'state', 'closed', 'result', A.result)
redis.call('ZREM', K.games, A.number)
redis.call('ZADD', K.past, h.now, A.number)
redis.call('ZREMRANGEBYRANK', K.past, 0, -1 - PAST_MAX)
redis.call('PEXPIRE', K.game, A.kept_ms)
redis.call('PEXPIRE', K.entries, A.kept_ms)
redis.call('PEXPIRE', K.parts, A.kept_ms)
redis.call('PEXPIRE', K.owed, A.kept_ms)
head.commit_moment(h, K.moments, A.body)
return reply.finished()
