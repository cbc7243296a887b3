-- Creates a room without a live, unless it exists.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
if redis.call('EXISTS', K.head) == 1 then return reply.exists() end

--@commit
redis.call('HSET', K.room, 'name', A.name, 'brand', A.brand, 'brandNo', A.brand_no, 'host', A.host, 'rung', A.rung,
  'zone', A.zone, 'profile', A.profile, 'createdAt', now)
redis.call('HSET', K.head, 'epoch', A.epoch, 'seq', 0, 'live', 0, 'state', 'ended', 'started', 0, 'last', now,
  'comment', 0, 'issued', 0, 'safe', 0, 'board', 0, 'number', 0)
return reply.created()
