-- Owners of an entrance have come in: one moment for all of them, each at most once in ten minutes.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
local QUIET_MS, GAP_MS, NAMES_MAX, CAME_MAX = 600000, 3000, 3, 20000
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local last = tonumber(redis.call('ZSCORE', K.came, '#') or 0)
if h.now - last < GAP_MS then return reply.later(GAP_MS - (h.now - last)) end
local fresh, names, others, best, style, seen = {}, {}, 0, -1, '', {}
for i = 1, E.n do
  local account = E.account(i)
  local at = tonumber(redis.call('ZSCORE', K.came, account) or 0)
  if not seen[account] and h.now - at >= QUIET_MS then
    seen[account] = true
    fresh[#fresh + 1] = account
    if E.grade(i) > best then best, style = E.grade(i), E.style(i) end
    if E.name(i) ~= '' and #names < NAMES_MAX then names[#names + 1] = E.name(i) else others = others + 1 end
  end
end
if #fresh == 0 or h.safe == 1 or h.state ~= 'open' then return reply.told(0) end

--@commit
for _, account in ipairs(fresh) do redis.call('ZADD', K.came, h.now, account) end
redis.call('ZADD', K.came, h.now, '#')
redis.call('ZREMRANGEBYSCORE', K.came, '-inf', h.now - QUIET_MS)
redis.call('ZREMRANGEBYRANK', K.came, 0, -1 - CAME_MAX)
redis.call('PEXPIRE', K.came, QUIET_MS)
head.commit_moment(h, K.moments, string.format('{"kind":"entrance.shown","entrance":"%s","names":[%s],"others":%.0f}',
  style, table.concat(names, ','), others))
return reply.told(#fresh)
