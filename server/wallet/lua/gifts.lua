-- What an account has given to friends today, and until when it may not give on.
-- Hash: `day`, `given`, `wait` (ms), and `to:<account>` for each friend of that day.
local gifts = {}

function gifts.check(key, day, to)
  local stored = redis.call('HMGET', key, 'day', 'given', 'wait', 'to:' .. to)
  local today = tonumber(stored[1] or 0) == day
  return {
    today = today, given = today and tonumber(stored[2] or 0) or 0, wait = tonumber(stored[3] or 0),
    pair = today and tonumber(stored[4] or 0) or 0,
  }
end
