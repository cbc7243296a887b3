-- Claims the account's one place in a task and period; who has one keeps it. What is over goes.
--@include "../redis/lua/time.lua"
local now = time.now(A.now_ms)
local known = redis.call('HGET', K.record, A.field)
if known then return reply.known(known) end
local all = redis.call('HGETALL', K.record)
local claim = cjson.decode(A.claim)
local old, kept, untilMs = {}, 1, claim.terms.endsAtMs
for i = 1, #all, 2 do
  local other = cjson.decode(all[i + 1])
  if now > other.terms.endsAtMs + A.kept_ms then
    old[#old + 1] = all[i]
  else
    kept = kept + 1
    untilMs = math.max(untilMs, other.terms.endsAtMs)
  end
end
local fresh = not redis.call('ZSCORE', K.members, A.account)
if kept > A.claims_max or (fresh and redis.call('ZCARD', K.members) >= A.members_max) then return reply.full() end
local last = redis.call('ZRANGE', K.members, -1, -1, 'WITHSCORES')
local json = string.format('{"sinceMs":%.0f,', now) .. string.sub(A.claim, 2)

--@commit
if #old > 0 then redis.call('HDEL', K.record, unpack(old)) end
redis.call('HSET', K.record, A.field, json)
redis.call('PEXPIRE', K.record, string.format('%.0f', untilMs + A.kept_ms - now))
if fresh then redis.call('ZADD', K.members, (tonumber(last[2]) or 0) + 1, A.account) end
redis.call('ZADD', K.todo, string.format('%.0f', now + A.wait_ms), A.account .. ' ' .. A.field)
return reply.claimed(json)
