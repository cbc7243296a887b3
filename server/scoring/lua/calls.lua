-- What one scoring call shares: its time and days, and how many points it may pay.
local calls = {}
do
local floor = math.floor

-- What a call may pay: what is left of it, nil where there is no bound, whether an award that would pass it is paid whole or
-- not at all, and what receipts say then.
function calls.budget(allowance, whole, reason)
  return {left = allowance >= 0 and allowance or nil, whole = whole == 1, reason = reason}
end

-- The day that `now` is in, and when it ends: the first, or the one after it.
function calls.day(now, first, ends, next_ends)
  if now < ends then return first, ends end
  return first + 1, next_ends
end

-- What is the same for all viewers of a call, whatever their rooms.
function calls.begin(now, days, daily_points, budget)
  local today, today_ends = calls.day(now, days.day, days.ends, days.next_ends)
  local minute = floor(now / 60000)
  return {
    now = now, minute = minute, minute_ends = (minute + 1) * 60000, window = floor(now / 10000), today = today,
    today_ends = today_ends, daily_points = daily_points, budget = budget,
  }
end
end
