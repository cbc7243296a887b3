-- A piece comes back to the stock and is no longer counted against the viewer, each in the period it was taken in.
-- What was won (no points) never was.
local give = {}

function give.commit_back(s, m, alerts_key, r, now)
  local week = calendar.week(r.day)
  if s and (s.kind ~= 'weekly' or s.week == week) then stock.commit_move(s, alerts_key, 1, now) end
  if r.points > 0 then mine.commit_back(m, r.day, week) end
end
