-- Months by Redis time: the caller's clock may be on the other side of midnight.
local months = {}

-- The month now, where `month` ends at `ends`.
function months.now(now, month, ends)
  return now < ends and month or month + 1
end

-- A lot is gone at the start of its month.
function months.gone(lot_month, month)
  return lot_month ~= 0 and lot_month <= month
end
