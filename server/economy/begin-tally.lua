-- Begins to count a partition: from the beginning of its journal where nothing of it was dealt with yet, else from what
-- the counters of the equation say at the newest element.
if redis.call('EXISTS', K.counted) == 1 then return reply.begun() end
local fields = {'walked', 1}
local newest = '0-0'
if redis.call('HLEN', K.cursors) > 0 then
  local BUCKETS = {'spendable', 'session', 'pending', 'held', 'frozen'}
  local totals = redis.call('HMGET', K.totals, unpack(BUCKETS))
  fields = {'accounts', redis.call('SCARD', K.accounts), 'since', A.now_ms}
  for i, bucket in ipairs(BUCKETS) do
    fields[#fields + 1] = bucket
    fields[#fields + 1] = totals[i] or 0
  end
  local last = redis.call('XREVRANGE', K.journal, '+', '-', 'COUNT', 1)
  if last[1] then newest = last[1][1] end
end

--@commit
redis.call('HSET', K.counted, unpack(fields))
redis.call('HSET', K.cursors, A.consumer, newest)
return reply.begun()
