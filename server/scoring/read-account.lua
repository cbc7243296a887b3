-- The records of an account and of its visit, where they can be read.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.visit)
if not record.open(raw[1], record.ACCOUNT) or not record.open(raw[2], record.VISIT) then return reply.unreadable() end
local ended = redis.call('SISMEMBER', K.ended, A.live)
return reply.read(now, ended, raw[1] or '', raw[2] or '')
