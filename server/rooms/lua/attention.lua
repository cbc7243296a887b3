-- Watching: one viewer earns at most one second per second, over all tabs, devices, rooms and gateways.
-- Account section: last credit, the gap before it that nobody was credited for (from, to), live that holds the
-- attention, sessions (nonce of session, last beat, due, nonce), then heat spent (live, window, thousandths).
-- Visit section: see visit_read.
local attention = {}
local CLOCKS_MAX = 8
local WINDOWS_MAX = 4
local HASHES = 4
-- A beat may come this much before it is due: timers and networks are not exact.
local EARLY_MS = 250

function attention.read(raw)
  local a = {at = 0, gap_from = 0, gap_to = 0, live = 0, clocks = {}, heat = {}}
  if raw == '' then return a end
  local count, at
  a.at, a.gap_from, a.gap_to, a.live, count, at = struct.unpack('>I6I6I6I4B', raw)
  for i = 1, count do
    local c = {}
    c.session, c.at, c.due, c.nonce, at = struct.unpack('>I4I6I6I4', raw, at)
    a.clocks[i] = c
  end
  count, at = struct.unpack('>B', raw, at)
  for i = 1, count do
    local h = {}
    h.live, h.window, h.spent, at = struct.unpack('>I4I4I4', raw, at)
    a.heat[i] = h
  end
  return a
end

function attention.write(a)
  local parts = {struct.pack('>I6I6I6I4B', a.at, a.gap_from, a.gap_to, a.live, #a.clocks)}
  for _, c in ipairs(a.clocks) do parts[#parts + 1] = struct.pack('>I4I6I6I4', c.session, c.at, c.due, c.nonce) end
  parts[#parts + 1] = struct.pack('>B', #a.heat)
  for _, h in ipairs(a.heat) do parts[#parts + 1] = struct.pack('>I4I4I4', h.live, h.window, h.spent) end
  return table.concat(parts)
end

function attention.visit_read(raw)
  local v = {watched = 0, continuous = 0, credited_at = 0, commented_at = 0, earned = 0, hashes = {}}
  if raw == '' then
    for i = 1, HASHES do v.hashes[i] = 0 end
    return v
  end
  local at
  v.watched, v.continuous, v.credited_at, v.commented_at, v.earned, at = struct.unpack('>I6I6I6I6I6', raw)
  for i = 1, HASHES do v.hashes[i], at = struct.unpack('>I4', raw, at) end
  return v
end

function attention.visit_write(v)
  local h = v.hashes
  return struct.pack('>I6I6I6I6I6I4I4I4I4', v.watched, v.continuous, v.credited_at, v.commented_at, v.earned,
    h[1], h[2], h[3], h[4])
end

function attention.clock(a, session)
  for _, c in ipairs(a.clocks) do
    if c.session == session then return c end
  end
end

local function open_clock(a, session)
  if #a.clocks >= CLOCKS_MAX then
    local oldest = 1
    for i, c in ipairs(a.clocks) do
      if c.at < a.clocks[oldest].at then oldest = i end
    end
    table.remove(a.clocks, oldest)
  end
  local c = {session = session, at = 0, due = 0, nonce = 0}
  a.clocks[#a.clocks + 1] = c
  return c
end

-- Beats are due on a grid that is the same for all clocks of an account and differs between accounts, so that
-- neither the tabs of one viewer nor all viewers of a room drift or crowd.
local function next_due(beat)
  local due = math.floor((beat.now - beat.phase) / beat.beat_ms) * beat.beat_ms + beat.phase + beat.beat_ms
  if due - beat.now < 2 * EARLY_MS then due = due + beat.beat_ms end
  return due
end

-- The time since the clock's last beat that no clock was credited for: what lies after the last credit, and what
-- another clock passed over because it began later. So a tab opened in between costs the first one nothing.
local function uncredited(a, c, now)
  local since, missed_from = math.max(c.at, a.at), math.max(c.at, a.gap_from)
  local missed = math.max(0, a.gap_to - missed_from)
  if missed > 0 then a.gap_to = missed_from end
  if since > a.at and now > since then a.gap_from, a.gap_to = a.at, since end
  return now - since + missed
end

-- One heartbeat. `beat`: session, live, nonce, fresh (the nonce to hand out next), visible, now, phase, beat_ms,
-- gap_ms. Answers the milliseconds credited and the number of the reason. A clock whose due is 0 is paused.
function attention.beat(a, beat)
  local c = attention.clock(a, beat.session)
  if not c or c.due == 0 then
    if not beat.visible then return 0, 35 end
    c = c or open_clock(a, beat.session)
    c.at, c.nonce, c.due = beat.now, beat.fresh, next_due(beat)
    return 0, 30
  end
  if beat.nonce ~= c.nonce then return 0, 32 end
  if beat.visible and beat.now < c.due - EARLY_MS then return 0, 31 end
  local elsewhere = a.live ~= beat.live and a.live ~= 0 and beat.now - a.at < beat.beat_ms * 2
  c.nonce = beat.fresh
  c.due = beat.visible and next_due(beat) or 0
  -- The clock stays where it is, so that nothing is lost when the attention moves here.
  if elsewhere then return 0, 34 end
  local elapsed = uncredited(a, c, beat.now)
  c.at = beat.now
  if elapsed <= 0 then return 0, 33 end
  a.at = beat.now
  a.live = beat.visible and beat.live or 0
  return math.min(elapsed, beat.gap_ms), beat.visible and 1 or 35
end

-- Adds watched time to the visit; a pause longer than the gap starts the continuous stretch over.
-- Answers the stretch before and after.
function attention.watch(v, credit, now, gap_ms)
  if now - credit - v.credited_at > gap_ms then v.continuous = 0 end
  local before = v.continuous
  v.continuous = before + credit
  v.watched = v.watched + credit
  v.credited_at = now
  return before, v.continuous
end

-- The number of the reason why a comment does not count, or 0; a comment that counts is remembered.
function attention.comment(v, hash, now, interval_ms)
  for i = 1, HASHES do
    if v.hashes[i] == hash then return 22 end
  end
  if now - v.commented_at < interval_ms then return 23 end
  v.commented_at = now
  table.remove(v.hashes, 1)
  v.hashes[HASHES] = hash
  return 0
end

-- How much of the heat still fits into this viewer's window of ten seconds, in thousandths.
function attention.heat(a, live, now, wanted, most)
  local window = math.floor(now / 10000)
  local slot
  for _, h in ipairs(a.heat) do
    if h.live == live then slot = h end
  end
  if not slot then
    if #a.heat >= WINDOWS_MAX then table.remove(a.heat, 1) end
    slot = {live = live, window = window, spent = 0}
    a.heat[#a.heat + 1] = slot
  end
  if slot.window < window then slot.window, slot.spent = window, 0 end
  local granted = math.max(0, math.min(wanted, most - slot.spent))
  slot.spent = slot.spent + granted
  return granted
end
