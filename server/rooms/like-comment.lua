-- A viewer likes a comment of somebody else, once; says whose bonus is due. It is owed until somebody has paid it, and
-- every like in the room asks for what is owed, should the gateway of the deciding one have died.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "lua/comments.lua"
-- What could not be paid for long; further ones are asked for by their deciding like alone.
local OWED_MAX = 20
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local author = comments.check_one(K.comments, A.comment)
if not author then return reply.not_found() end
if author == A.by then return reply.own() end
local likes = redis.call('ZCOUNT', K.liked, A.comment, A.comment)
local member = string.format('%.0f:', A.comment) .. A.by
local owed = redis.call('HGETALL', K.owed)
local due = {}
for i = 1, #owed, 2 do due[#due + 1] = owed[i] .. ':' .. owed[i + 1] end
if likes >= A.enough or redis.call('ZSCORE', K.liked, member) then return reply.ok(h.live, table.concat(due, ' ')) end
local decides = likes + 1 == A.enough
if decides then due[#due + 1] = string.format('%.0f:', A.comment) .. author end
local oldest = redis.call('XRANGE', K.comments, '-', '+', 'COUNT', 1)[1][1]

--@commit
redis.call('ZADD', K.liked, A.comment, member)
redis.call('ZREMRANGEBYSCORE', K.liked, '-inf', '(' .. string.match(oldest, '%d+'))
if decides and #owed < 2 * OWED_MAX then redis.call('HSET', K.owed, string.format('%.0f', A.comment), author) end
return reply.ok(h.live, table.concat(due, ' '))
