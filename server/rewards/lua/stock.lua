-- The pieces of a reward (rules RW10 to RW16). `low` is 0 above the threshold, 1 at or below it, 2 where none is left.
local stock = {ALERTS_MAX = 100}

-- The stock as it is in that week, or nil where the reward is not installed.
function stock.check(key, week)
  local h = redis.call('HMGET', key, 'version', 'open', 'kind', 'left', 'per_week', 'week', 'threshold', 'low', 'alert',
    'flash_opens', 'flash_closes', 'flash_taken')
  if not h[1] then return nil end
  local s = {
    key = key, version = tonumber(h[1]), open = h[2] == '1', kind = h[3], left = tonumber(h[4]), per_week = tonumber(h[5]),
    week = tonumber(h[6]), threshold = tonumber(h[7]), low = tonumber(h[8]), alert = tonumber(h[9]),
    flash_opens = tonumber(h[10] or 0), flash_closes = tonumber(h[11] or 0), flash_taken = tonumber(h[12] or 0),
  }
  if s.kind == 'weekly' and week > s.week then s.left, s.week, s.low = s.per_week, week, 0 end
  return s
end

function stock.has(s, pieces)
  return s.kind == 'endless' or s.left >= pieces
end

-- Adds pieces, or takes them where `pieces` is negative; what was checked is stored with it. Each fall to the
-- threshold and each fall to nothing is noted once.
function stock.commit_move(s, alerts_key, pieces, now)
  if s.kind == 'endless' then return end
  s.left = s.left + pieces
  local low = s.left <= 0 and 2 or s.left <= s.threshold and 1 or 0
  if low > s.low then
    s.alert = s.alert + 1
    redis.call('RPUSH', alerts_key, string.format('%.0f:%s:%.0f:%.0f', s.alert, low == 2 and 'sold_out' or 'low', s.left, now))
    redis.call('LTRIM', alerts_key, -stock.ALERTS_MAX, -1)
  end
  s.low = low
  redis.call('HSET', s.key, 'left', s.left, 'week', s.week, 'low', s.low, 'alert', s.alert)
end
