-- Makes a document the newest version of a reward. An id belongs to the brand that used it first.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local known = redis.call('HGET', K.rewards, A.id)
local version = 1
if known then
  local stored = cjson.decode(known)
  if stored.brand ~= A.brand then return reply.foreign() end
  version = stored.version + 1
elseif redis.call('HLEN', K.rewards) >= A.max then
  return reply.full()
end
-- `rest` is the JSON without its first brace.
local json = string.format('{"version":%.0f,"atMs":%.0f,', version, now) .. A.rest

--@commit
redis.call('HSET', K.rewards, A.id, json)
redis.call('HSET', K.versions, version, json)
redis.call('HDEL', K.versions, version - A.kept)
redis.call('INCR', K.head)
return reply.ok(json)
