-- What holds and what is to come, with the time at which it was read.
--@include "../redis/lua/time.lua"
return reply.read(time.now(A.now_ms), redis.call('GET', K.head) or '')
