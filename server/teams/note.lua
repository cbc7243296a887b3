-- Counts what members did for their teams and moves the reader's cursor behind it, in one step; so each element counts once.
-- `seen` is a JSON list of when, seconds watched, comments, likes and shares in turn.
--@include "../redis/lua/reader.lua"
if reader.moved(K.cursors, A.reader, A.from) then return reply.moved() end
if reader.lost(K.journal, A.last) then return reply.gone() end
local AT = {watch = 1, comment = 2, like = 3, share = 4}
local ROW = 5

-- What of it counts for that team, and never more than one member may contribute.
local function counted(claim, seen)
  local terms, sum = claim.terms, claim.done
  for i = 1, #seen, ROW do
    local at = seen[i]
    if at >= claim.sinceMs and at >= terms.startsAtMs and at < terms.endsAtMs then
      sum = sum + seen[i + AT[terms.action]]
    end
  end
  return math.min(terms.most, sum)
end

local writes, todo, gone = {}, {}, {}
for i = 1, E.n do
  local claims = redis.call('HGETALL', E.record(i))
  local seen = cjson.decode(E.seen(i))
  local changed = {}
  for c = 1, #claims, 2 do
    local claim = cjson.decode(claims[c + 1])
    local done = counted(claim, seen)
    if done ~= claim.done and claim.state ~= 'leaving' then
      changed[#changed + 1] = claims[c]
      changed[#changed + 1] = string.gsub(claims[c + 1], '"done":%d+', string.format('"done":%.0f', done), 1)
      todo[#todo + 1] = E.account(i) .. ' ' .. claims[c]
    end
  end
  writes[i] = changed
  if #claims == 0 then gone[#gone + 1] = E.account(i) end
end

--@commit
for i = 1, E.n do
  local changed = writes[i]
  for c = 1, #changed, 2 do redis.call('HSET', E.record(i), changed[c], changed[c + 1]) end
end
for _, name in ipairs(todo) do redis.call('ZADD', K.todo, 0, name) end
for _, account in ipairs(gone) do redis.call('ZREM', K.members, account) end
reader.commit(K.cursors, A.reader, A.last)
return reply.written()
