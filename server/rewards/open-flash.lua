-- Sets the flash window of a reward; a window that was told of and is cut short stays told of.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
if redis.call('EXISTS', K.state) == 0 then return reply.not_found() end
local opens = A.opens_ms > 0 and A.opens_ms or now
local closes = opens + A.length_ms
if A.last_ms > 0 then opens, closes = math.max(now, A.ends_ms - A.last_ms), A.ends_ms end
if closes <= now then return reply.over() end
local known = redis.call('HMGET', K.state, 'flash_closes', 'flash_room')
if A.by_host == 1 and tonumber(known[1] or 0) > now and known[2] ~= A.room then return reply.elsewhere() end

--@commit
redis.call('HSET', K.state, 'flash_opens', opens, 'flash_closes', closes, 'flash_room', A.room, 'flash_told', 0,
  'flash_taken', 0)
return reply.ok(opens, closes)
