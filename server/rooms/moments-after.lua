-- Moments after a cursor, or that some of them are gone.
--@include "../redis/lua/head.lua"
--@include "./lua/moments.lua"
local h = head.check(K.head, 0)
if not h then return reply.room_not_found() end
if h.epoch ~= A.epoch then return reply.gone(h.epoch, h.seq) end
local list = moments.check_after(K.moments, h.seq, A.after)
if not list then return reply.gone(h.epoch, h.seq) end
return reply.ok(h.epoch, h.seq, list)
