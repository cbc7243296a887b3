-- The platform's day, turned lazily: the caller says which day it was when it asked and when the next two begin.
local calendar = {}

function calendar.day(now, day, ends, next_ends)
  if now >= next_ends then return day + 2 end
  if now >= ends then return day + 1 end
  return day
end

-- Weeks begin on Monday; 1970-01-01 was a Thursday.
function calendar.week(day)
  return math.floor((day + 3) / 7)
end
