-- Notes why somebody who came counts for nothing, for the inviter to read; a friend who counts stays one.
local all = redis.call('HGETALL', K.friends)
local refused = 0
for i = 1, #all, 2 do
  if all[i] == A.invited then return reply.known() end
  if string.sub(all[i + 1], -2) ~= ' -' then refused = refused + 1 end
end
if refused >= A.most then return reply.full() end

--@commit
redis.call('HSET', K.friends, A.invited, string.format('%.0f - %s', A.at_ms, A.why))
return reply.noted()
