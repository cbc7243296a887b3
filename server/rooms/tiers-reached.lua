-- Tells a room of tier-ups, each once: one moment per rung where the room is told, and where the host is asked a cue that takes
-- in its neighbours.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/cues.lua"
local HANDLES_MAX, REACHED_MAX, REACHED_MS = 20, 50000, 172800000
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end

local order, by_rung, fresh, seen = {}, {}, {}, {}
for i = 1, E.n do
  local id = string.format('%s:%s:%.0f:%.0f', E.account(i), E.ladder(i), E.rung(i), E.promotion(i))
  if not seen[id] and not redis.call('ZSCORE', K.reached, id) then
    seen[id] = true
    fresh[#fresh + 1] = id
    local group = E.ladder(i) .. ':' .. E.rung(i)
    local rung = by_rung[group]
    if not rung then
      rung = {group = group, ladder = E.ladder(i), rung = E.rung(i), names = '', count = 0, others = 0, handles = {}, members = {}}
      by_rung[group] = rung
      order[#order + 1] = rung
    end
    cues.add_name(rung, E.name(i))
    rung.members[#rung.members + 1] = E.name(i)
    if #rung.handles < HANDLES_MAX then rung.handles[#rung.handles + 1] = E.handle(i) end
  end
end
if #fresh == 0 then return reply.ok(0, {}) end
local open = cues.check_open(K.cues, h.now)

--@commit
for _, id in ipairs(fresh) do redis.call('ZADD', K.reached, h.now, id) end
redis.call('ZREMRANGEBYSCORE', K.reached, '-inf', h.now - REACHED_MS)
redis.call('ZREMRANGEBYRANK', K.reached, 0, -1 - REACHED_MAX)
redis.call('PEXPIRE', K.reached, REACHED_MS)
local moments = {}
for i, rung in ipairs(order) do
  if A.tells_room == 1 then
    head.commit_moment(h, K.moments, string.format(
      '{"kind":"tier.reached","ladder":"%s","rung":%.0f,"names":[%s],"handles":[%s],"others":%.0f}',
      rung.ladder, rung.rung, rung.names, table.concat(rung.handles, ','), rung.others))
    moments[i] = h.seq
  end
  if A.asks_host == 1 then
    local cue = open[rung.group]
    if not cue then
      local id = string.format('c%.0f', redis.call('HINCRBY', K.head, 'number', 1))
      cue = {id = id, ladder = rung.ladder, rung = rung.rung, others = 0, since = h.now, held = false, count = 0, names = ''}
    end
    for _, name in ipairs(rung.members) do cues.add_name(cue, name) end
    cue.last = h.now
    cues.commit_put(K.cues, K.queue, cue)
  end
end
cues.commit_trim(K.cues, K.queue)
return reply.ok(#fresh, moments)
