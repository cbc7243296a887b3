-- Tickets, boxes or votes of one viewer: the free one of the day, or bought ones within the caps.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/acts.lua"
--@include "./lua/games.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local g = games.check(K.game)
local part = games.check_part(K.parts, A.account)
local day = h.now < A.day_ends_ms and A.day or A.day + 1
local function free_left() return part.day < 0 or (g.kind ~= 'vote' and part.day < day) end
local seen = acts.check(K.act)
if seen and g then
  return reply.seen(seen, part.bought, part.free + part.bought, free_left() and 1 or 0)
end
if not g or g.state ~= 'open' or h.now >= g.ends then return reply.draw_closed() end
if A.free == 1 and not free_left() then return reply.limit_reached() end
if A.free == 0 and part.bought + A.count > g.per_viewer then return reply.limit_reached() end
if g.total > 0 and g.tickets + A.count > g.total then return reply.sold_out() end
local first = (g.kind == 'box' and g.tickets or part.free + part.bought) + 1
local joined = part.free + part.bought == 0
if A.free == 1 then
  part.day, part.free = day, part.free + A.count
else
  part.bought = part.bought + A.count
end

--@commit
acts.commit(K.act, string.format('in:%.0f:%.0f:%.0f:%.0f', A.number, A.count, A.free, first))
games.commit_part(K.parts, A.account, part)
-- Until what taking part earns is credited.
if joined then redis.call('SADD', K.owed, A.account) end
redis.call('HINCRBY', K.game, 'tickets', A.count)
if g.kind == 'vote' then
  redis.call('HINCRBY', K.game, string.format('o%.0f', A.option), A.count)
else
  redis.call('RPUSH', K.entries, string.format('%s:%.0f:%.0f', A.account, first, A.count))
end
return reply.entered(first, part.bought, part.free + part.bought, free_left() and 1 or 0)
