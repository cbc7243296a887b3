-- Viewers of a high rung have come in: a cue for the host, who takes in those who come at about the same time; each once in
-- a live. A greeting that waited too long is dropped: who it was for may have gone.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/cues.lua"
local REACHED_MAX, REACHED_MS = 50000, 172800000
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local fresh, by_rung, order, seen = {}, {}, {}, {}
for i = 1, E.n do
  local id = string.format('%s:hello:%.0f', E.account(i), h.live)
  if not seen[id] and not redis.call('ZSCORE', K.reached, id) then
    seen[id] = true
    fresh[#fresh + 1] = id
    local group = cues.GREETING .. A.ladder .. ':' .. string.format('%.0f', E.rung(i))
    if not by_rung[group] then
      by_rung[group] = {group = group, rung = E.rung(i), names = {}}
      order[#order + 1] = by_rung[group]
    end
    local names = by_rung[group].names
    names[#names + 1] = E.name(i)
  end
end
local open, stale = cues.check_open(K.cues, h.now)
if h.state ~= 'open' or (#fresh == 0 and #stale == 0) then return reply.greeted(0) end

--@commit
for _, id in ipairs(stale) do cues.commit_remove(K.cues, K.queue, id) end
for _, id in ipairs(fresh) do redis.call('ZADD', K.reached, h.now, id) end
redis.call('ZREMRANGEBYSCORE', K.reached, '-inf', h.now - REACHED_MS)
redis.call('ZREMRANGEBYRANK', K.reached, 0, -1 - REACHED_MAX)
redis.call('PEXPIRE', K.reached, REACHED_MS)
for _, group in ipairs(order) do
  local cue = open[group.group]
  if not cue then
    local id = string.format('c%.0f', redis.call('HINCRBY', K.head, 'number', 1))
    cue = {
      id = id, ladder = cues.GREETING .. A.ladder, rung = group.rung, others = 0, since = h.now, held = false, count = 0, names = '',
    }
  end
  for _, name in ipairs(group.names) do cues.add_name(cue, name) end
  cue.last = h.now
  cues.commit_put(K.cues, K.queue, cue)
end
cues.commit_trim(K.cues, K.queue)
return reply.greeted(#fresh)
