-- A member leaves, unless the target was reached; the last one closes the team. It stays known that who left may not
-- come in again under the same claim.
--@include "lua/roster.lua"
local team = roster.read(K.team)
if not team then return reply.closed() end
local member = team.members[A.account]
local own = member and member.sinceMs == A.since_ms and member.state == 'in'
if own and team.reached then return reply.reached() end
if own then member.state = 'left' end
local empty = roster.size(team, '') == 0

--@commit
if own then redis.call('HSET', K.team, 'm:' .. A.account, cjson.encode(member)) end
if empty then redis.call('HSET', K.team, 'closed', 1) end
if empty then return reply.closed() end
return reply.left()
