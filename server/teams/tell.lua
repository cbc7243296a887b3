-- A member has contributed so much in all; hearing it again, or of less, changes nothing.
--@include "lua/roster.lua"
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local team = roster.read(K.team)
local member = team and team.members[A.account]
if not member or member.state ~= 'in' or member.sinceMs ~= A.since_ms then return reply.gone() end
member.done = math.max(member.done, A.done)
local reached = not team.reached and roster.isReached(team)

--@commit
redis.call('HSET', K.team, 'm:' .. A.account, cjson.encode(member))
if reached then redis.call('HSET', K.team, 'reached', string.format('%.0f', now)) end
return reply.ok(reached and 1 or 0)
