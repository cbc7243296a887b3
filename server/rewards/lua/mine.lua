-- How many of a reward one account has taken: ever, on one day, in one week.
local mine = {}

function mine.check(key, day, week)
  local h = redis.call('HMGET', key, 'ever', 'day', 'on_day', 'week', 'in_week')
  local m = {key = key, ever = tonumber(h[1] or 0), day = day, on_day = 0, week = week, in_week = 0}
  if tonumber(h[2] or -1) == day then m.on_day = tonumber(h[3]) end
  if tonumber(h[4] or -1) == week then m.in_week = tonumber(h[5]) end
  return m
end

-- The first limit that is reached, or nil. A limit of 0 is none.
function mine.reached(m, before, most)
  if most.ever > 0 and m.ever + before.ever >= most.ever then return 'ever' end
  if most.on_day > 0 and m.on_day + before.on_day >= most.on_day then return 'day' end
  if most.in_week > 0 and m.in_week + before.in_week >= most.in_week then return 'week' end
  return nil
end

function mine.commit_taken(m)
  redis.call('HSET', m.key, 'ever', m.ever + 1, 'day', m.day, 'on_day', m.on_day + 1, 'week', m.week,
    'in_week', m.in_week + 1)
end

-- Gives back what was taken on that day; a day or week that is over stays as it was.
function mine.commit_back(m, day, week)
  redis.call('HSET', m.key, 'ever', math.max(0, m.ever - 1))
  if day == m.day then redis.call('HSET', m.key, 'day', day, 'on_day', math.max(0, m.on_day - 1)) end
  if week == m.week then redis.call('HSET', m.key, 'week', week, 'in_week', math.max(0, m.in_week - 1)) end
end
