-- Lets an account into a team, once for each time it asked; whoever opens it is the first.
--@include "lua/roster.lua"
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local team = roster.read(K.team)
if not team and A.terms ~= '' then team = {members = {}, entries = 0, terms = cjson.decode(A.terms)} end
if not team or team.closed then return reply.closed() end
local known = team.members[A.account]
local again = known and known.state == 'in' and known.sinceMs <= A.since_ms
if known and not again and known.sinceMs >= A.since_ms then return reply.closed() end
if not again and (team.reached or now >= team.terms.endsAtMs) then return reply.closed() end
local size, near = roster.size(team, A.network)
if not again and (size >= team.terms.max or (not known and team.entries >= A.entries_max)) then return reply.size() end
if not again and near >= team.terms.sameNetwork then return reply.network() end
local member = again and known
  or {state = 'in', done = 0, paid = -1, network = A.network, no = team.entries + 1}
member.sinceMs = A.since_ms
team.members[A.account] = member
local reached = not team.reached and roster.isReached(team)

--@commit
if A.terms ~= '' then redis.call('HSETNX', K.team, 'terms', A.terms) end
redis.call('HSET', K.team, 'm:' .. A.account, cjson.encode(member))
if reached then redis.call('HSET', K.team, 'reached', string.format('%.0f', now)) end
redis.call('PEXPIRE', K.team, string.format('%.0f', math.max(1, team.terms.endsAtMs + A.kept_ms - now)))
return reply.entered()
