-- Notes accounts that had spent points before counting began.
local AT_ONCE = 1000
local accounts = cjson.decode(A.accounts)

--@commit
local fresh = 0
for from = 1, #accounts, AT_ONCE do
  fresh = fresh + redis.call('SADD', K.used, unpack(accounts, from, math.min(from + AT_ONCE - 1, #accounts)))
end
if fresh > 0 then redis.call('HINCRBY', K.counted, 'used', fresh) end
return reply.noted(fresh)
