-- Adds a version of the rulebook, unless a rule would change its number or take another's, or it comes from a draft
-- that was changed meanwhile, or from a version that is no longer the newest. A variant gets a number and does not become
-- current.
--@include "../redis/lua/time.lua"
local head = redis.call('GET', K.head)
local version = head and tonumber(string.match(head, '^%d+')) or 0
if A.only_first == 1 and version > 0 then return reply.exists() end

if A.revision > 0 then
  local revision = string.match(redis.call('GET', K.draft) or '', '^(%d+) %d+ .')
  if tonumber(revision or 0) ~= A.revision then return reply.redrafted() end
end
if A.basis > 0 and A.basis ~= version then return reply.outdated() end

for i = 1, E.n do
  local no = redis.call('HGET', K.numbers, 'id:' .. E.id(i))
  local id = redis.call('HGET', K.numbers, 'no:' .. E.no(i))
  if (no and tonumber(no) ~= E.no(i)) or (id and id ~= E.id(i)) then return reply.renumbered(i - 1) end
end

local now = time.now(A.now_ms)
-- Variants have numbers behind the current one.
version = math.max(version, tonumber(redis.call('HGET', K.numbers, 'last') or 0)) + 1

--@commit
redis.call('HSET', K.books, version, now .. ' ' .. A.document)
redis.call('HDEL', K.books, version - A.kept)
for i = 1, E.n do
  redis.call('HSET', K.numbers, 'id:' .. E.id(i), E.no(i), 'no:' .. E.no(i), E.id(i))
end
redis.call('HSET', K.numbers, 'last', version)
if A.variant == 1 then return reply.published(version, now) end
redis.call('SET', K.head, version .. ' ' .. now)
if A.revision > 0 then redis.call('SET', K.draft, string.format('%.0f %.0f ', A.revision, now)) end
return reply.published(version, now)
