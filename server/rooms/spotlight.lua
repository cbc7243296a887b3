-- Puts a comment on stage, once.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "lua/comments.lua"
local KEPT_MAX = 1000
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local account, json = comments.check_one(K.comments, A.comment)
if not account then return reply.not_found() end
if redis.call('ZSCORE', K.spotlit, A.comment) then return reply.replayed(account, json, h.live) end

--@commit
redis.call('ZADD', K.spotlit, A.comment, A.comment)
redis.call('ZREMRANGEBYRANK', K.spotlit, 0, -1 - KEPT_MAX)
head.commit_moment(h, K.moments, '{"kind":"comment.spotlit","comment":' .. json .. '}')
return reply.ok(account, json, h.live)
