-- Notes what a member was paid.
local raw = redis.call('HGET', K.team, 'm:' .. A.account)
if not raw then return reply.gone() end
local member = cjson.decode(raw)
member.paid = A.points

--@commit
redis.call('HSET', K.team, 'm:' .. A.account, cjson.encode(member))
return reply.ok()
