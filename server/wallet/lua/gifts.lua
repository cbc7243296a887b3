-- What an account has given to friends today, and until when it may not give on.
-- Hash: `day`, `given`, `wait` (ms), and `to:<account>` for each friend of that day. What one gift was counted with is
-- kept under its id: "points:day:account".
local gifts = {}

function gifts.check(key, day, to)
  local stored = redis.call('HMGET', key, 'day', 'given', 'wait', 'to:' .. to)
  local today = tonumber(stored[1] or 0) == day
  return {
    today = today, given = today and tonumber(stored[2] or 0) or 0, wait = tonumber(stored[3] or 0),
    pair = today and tonumber(stored[4] or 0) or 0,
  }
end

function gifts.counted(points, day, to)
  return string.format('%.0f:%.0f:%s', points, day, to)
end

-- What was counted: points, day, account; nil where nothing was. Before there was a day only the points were kept.
function gifts.read_counted(raw)
  if not raw then return nil end
  local points, day, to = string.match(raw, '^(%d+):(%d+):(%w+)$')
  return tonumber(points or raw), tonumber(day), to
end
