-- A viewer likes a comment of somebody else, once; says whether so many have that its bonus is due.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "lua/comments.lua"
-- Who comes after the one that made it due asks for the bonus again, should that gateway have died before it was paid.
local ASKS_AGAIN = 3
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local author = comments.check_one(K.comments, A.comment)
if not author then return reply.not_found() end
if author == A.by then return reply.own() end
local likes = redis.call('ZCOUNT', K.liked, A.comment, A.comment)
local member = string.format('%.0f:', A.comment) .. A.by
if redis.call('ZSCORE', K.liked, member) then
  return reply.ok(author, h.live, likes >= A.enough and 1 or 0)
end
if likes >= A.enough + ASKS_AGAIN then return reply.ok(author, h.live, 0) end
local oldest = redis.call('XRANGE', K.comments, '-', '+', 'COUNT', 1)[1][1]

--@commit
redis.call('ZADD', K.liked, A.comment, member)
redis.call('ZREMRANGEBYSCORE', K.liked, '-inf', '(' .. string.match(oldest, '%d+'))
return reply.ok(author, h.live, likes + 1 >= A.enough and 1 or 0)
