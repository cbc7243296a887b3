-- Adds a version of the rulebook, unless a rule would change its number or take another's, or it comes from a draft
-- that was changed meanwhile, or from another version than the one it would follow. What was to begin after it was made from
-- something else, and is called back. A variant gets a number and never holds.
--@include "../redis/lua/time.lua"
--@include "./lua/timeline.lua"
local now = time.now(A.now_ms)
local head = redis.call('GET', K.head)
local steps = timeline.read(head, now)
if A.only_first == 1 and #steps > 0 then return reply.exists() end
-- It was judged by what held and was to come.
if A.judged ~= '' and A.judged ~= head then return reply.moved() end

if A.revision > 0 then
  local revision = string.match(redis.call('GET', K.draft) or '', '^(%d+) %d+ .')
  if tonumber(revision or 0) ~= A.revision then return reply.redrafted() end
end
local at = A.effective_at_ms > 0 and A.effective_at_ms or now
if at < now or at > now + A.ahead_ms then return reply.untimely() end
local gone = A.variant == 1 and {} or timeline.cut(steps, at)
local last = steps[#steps]
if A.basis > 0 and A.basis ~= (A.variant == 1 and steps[1] or last).version then return reply.outdated() end
if #steps > A.steps then return reply.untimely() end

for i = 1, E.n do
  local no = redis.call('HGET', K.numbers, 'id:' .. E.id(i))
  local id = redis.call('HGET', K.numbers, 'no:' .. E.no(i))
  if (no and tonumber(no) ~= E.no(i)) or (id and id ~= E.id(i)) then return reply.renumbered(i - 1) end
end

-- Variants and what was called back have numbers behind those that hold.
local version = math.max(last and last.version or 0, tonumber(redis.call('HGET', K.numbers, 'last') or 0)) + 1

--@commit
redis.call('HSET', K.books, version, now .. ' ' .. A.document)
redis.call('HDEL', K.books, version - A.kept, 'back:' .. version - A.kept)
for i = 1, E.n do
  redis.call('HSET', K.numbers, 'id:' .. E.id(i), E.no(i), 'no:' .. E.no(i), E.id(i))
end
redis.call('HSET', K.numbers, 'last', version)
if A.variant == 1 then return reply.published(version, now, {}) end
timeline.commit_note(K.books, gone, now, A.by)
if #steps == 1 and at <= now then steps = {} end
steps[#steps + 1] = {version = version, at = at}
redis.call('SET', K.head, timeline.write(steps))
if A.revision > 0 then redis.call('SET', K.draft, string.format('%.0f %.0f ', A.revision, now)) end
return reply.published(version, now, gone)
