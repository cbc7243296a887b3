-- A piece comes back to the stock and is no longer counted against the viewer, each in the period it was taken in.
local give = {}

function give.commit_back(s, m, alerts_key, taken_on, now)
  local week = calendar.week(taken_on)
  if s and (s.kind ~= 'weekly' or s.week == week) then stock.commit_move(s, alerts_key, 1, now) end
  mine.commit_back(m, taken_on, week)
end
