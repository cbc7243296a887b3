-- Points that moved without an action of the viewer, as the journal tells of them.
-- Element: 2, time, count, then (account, live, change counter, cause, from, to, points) each.
local movement = {JOURNAL_VERSION = 2, LIVE_ENDED = 1, EXPIRED = 13}

function movement.pack(m)
  return struct.pack('>I6I4I6BBBI6', m.account, m.live, m.changes, m.cause, m.from, m.to, m.points)
end

function movement.element(now, packed)
  return struct.pack('>BI6I2', movement.JOURNAL_VERSION, now, #packed) .. table.concat(packed)
end
