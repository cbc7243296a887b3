-- Sets a field of an invite that there is, where its state is `was`, or whatever it is without one. An empty value
-- forgets the invite.
--@include "../redis/lua/time.lua"
--@include "../wallet/lua/kept.lua"
local known = redis.call('HMGET', K.invited, 'inviter', 'state', A.field)
if not known[1] or A.was ~= '' and known[2] ~= A.was then return reply.other() end
if known[3] == A.value then return reply.marked() end
local gone = A.value == ''
local fields = gone and {} or {A.field, A.value}
local element = kept.element(time.now(A.now_ms), A.account, kept.INVITE, '', fields)

--@commit
if gone then
  redis.call('DEL', K.invited)
else
  redis.call('HSET', K.invited, A.field, A.value)
  if A.field == 'state' then redis.call('PERSIST', K.invited) end
end
redis.call('XADD', K.journal, '*', 'e', element)
return reply.marked()
