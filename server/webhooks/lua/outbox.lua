-- What waits in one slot: per webhook a set by due time and the bodies; `hooks` knows when each is due first.
local outbox = {}

-- 'new', 'known', or 'full'. `counts` remembers what this call has let in already, by key.
function outbox.check(due, id, max, counts)
  if redis.call('ZSCORE', due, id) then return 'known' end
  counts[due] = (counts[due] or redis.call('ZCARD', due)) + 1
  if counts[due] > max then return 'full' end
  return 'new'
end

-- One delivery, due at once. Nobody is due later than what is added now, so the earliest stays right.
function outbox.commit(hooks, one)
  redis.call('ZADD', one.due, one.at, one.id)
  redis.call('HSET', one.bodies, one.id, one.body)
  redis.call('ZADD', hooks, 'LT', one.at, one.webhook)
end
