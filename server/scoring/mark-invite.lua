-- Sets a field of an invite that there is, where its state is `was`, or whatever it is without one. An empty value
-- forgets the invite.
local kept = redis.call('HMGET', K.invited, 'inviter', 'state')
if not kept[1] or A.was ~= '' and kept[2] ~= A.was then return reply.other() end

--@commit
if A.value == '' then
  redis.call('DEL', K.invited)
else
  redis.call('HSET', K.invited, A.field, A.value)
  if A.field == 'state' then redis.call('PERSIST', K.invited) end
end
return reply.marked()
