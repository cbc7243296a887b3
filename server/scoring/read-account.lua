-- What a viewer is shown of the own account, and where a client session stands. Changes nothing.
--@include "./lua/fragments.lua"
local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.visit)
local platform = {day = A.day, day_ends = A.day_ends_ms, next_day_ends = A.next_day_ends_ms, daily_points = 0}
local v = earn.open(raw[1], raw[2], now, platform)
if not v then return reply.unreadable() end
earn.turn(v, {day = 0, day_ends = 0, next_day_ends = 0})
local ended = redis.call('SISMEMBER', K.ended, A.live)
return reply.state(now, ended, v.account.flags,
  earn.state(v, sessions.find(v.sessions, A.start_ms, A.nonce), 0), earn.elsewhere(v, 0))
