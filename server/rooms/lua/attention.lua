-- Watching: one viewer earns at most one second per second, over all tabs, devices, rooms and gateways.
-- Account section: last credit, the gap before it that nobody was credited for (from, to), live that holds the
-- attention, sessions (nonce of session, last beat, due, nonce), then heat spent (live, window, thousandths). The fixed
-- part is one row of heat behind its place, 0 for none: the live that was warmed last.
-- Visit section: see visit_read. Its fixed part is what the visit has earned.
local attention = {FIXED = 'BI4I4I4', VISIT_FIXED = 'I6'}
local pack, parse, sub = struct.pack, struct.unpack, string.sub
local HEAD, CLOCK, HEAT = '>I6I6I6I4B', '>I4I6I6I4', '>I4I4I4'
local HEAD_BYTES, CLOCK_BYTES = 23, 20
local FIXED, VISIT_FIXED, VISIT = '>' .. attention.FIXED, '>' .. attention.VISIT_FIXED, '>I6I6I6I6I6I4I4I4I4'
-- What a visit's section begins with.
local WATCHED, WATCHED_BYTES = '>I6I6I6', 18
local COLD = {live = 0, window = 0, spent = 0}
local CLOCKS_MAX = 8
local WINDOWS_MAX = 4
local HASHES = 4
-- A beat may come this much before it is due: timers and networks are not exact.
local EARLY_MS = 250

local function read_heat(raw, at, fixed)
  local place, front_live, front_window, front_spent = parse(FIXED, fixed)
  local count, heat, last = string.byte(raw, at), {}, nil
  at = at + 1
  for i = 1, place > 0 and count + 1 or count do
    if i == place then
      last = {live = front_live, window = front_window, spent = front_spent}
      heat[i] = last
    else
      local live, window, spent
      live, window, spent, at = parse(HEAT, raw, at)
      heat[i] = {live = live, window = window, spent = spent}
    end
  end
  return heat, last
end

function attention.read(section, fixed)
  local raw = section == '' and record.ZEROS or section
  local clocks, credited, gap_from, gap_to, live, count, at = {}, parse(HEAD, raw)
  for i = 1, count do
    local session, beat_at, due, nonce
    session, beat_at, due, nonce, at = parse(CLOCK, raw, at)
    clocks[i] = {session = session, at = beat_at, due = due, nonce = nonce}
  end
  local heat, last = read_heat(raw, at, fixed)
  return {at = credited, gap_from = gap_from, gap_to = gap_to, live = live, clocks = clocks, heat = heat, warmed = last}
end

-- Section and fixed part.
function attention.write(a)
  local clocks, heat = a.clocks, a.heat
  local out = pack(HEAD, a.at, a.gap_from, a.gap_to, a.live, #clocks)
  for i = 1, #clocks do
    local c = clocks[i]
    out = out .. pack(CLOCK, c.session, c.at, c.due, c.nonce)
  end
  local last, place, rows = a.warmed or COLD, 0, ''
  for i = 1, #heat do
    local h = heat[i]
    if h == last then
      place = i
    else
      rows = rows .. pack(HEAT, h.live, h.window, h.spent)
    end
  end
  return out .. string.char(place > 0 and #heat - 1 or #heat) .. rows,
    pack(FIXED, place, last.live, last.window, last.spent)
end

-- What a beat of one session needs of the section that begins at `from`, and where the session's clock stands; nil where it
-- has none. The rest stays unopened.
function attention.open_one(raw, from, session)
  local credited, gap_from, gap_to, live, count, at = parse(HEAD, raw, from)
  for _ = 1, count do
    local of, beat_at, due, nonce, behind = parse(CLOCK, raw, at)
    if of == session then
      local clock = {session = of, at = beat_at, due = due, nonce = nonce}
      return {at = credited, gap_from = gap_from, gap_to = gap_to, live = live, clocks = {clock}, count = count}, at
    end
    at = behind
  end
end

-- The record from `start` on with that written back.
function attention.seal_one(raw, start, from, a, at)
  local c = a.clocks[1]
  return sub(raw, start, from - 1) .. pack(HEAD, a.at, a.gap_from, a.gap_to, a.live, a.count) ..
    sub(raw, from + HEAD_BYTES, at - 1) .. pack(CLOCK, c.session, c.at, c.due, c.nonce) .. sub(raw, at + CLOCK_BYTES)
end

function attention.visit_read(raw, fixed)
  -- The hashes are of the last comments that counted, the oldest first.
  local watched, continuous, credited_at, commented_at, earned, h1, h2, h3, h4 =
    parse(VISIT, raw == '' and record.ZEROS or raw)
  return {
    watched = watched, continuous = continuous, credited_at = credited_at, commented_at = commented_at,
    earned = earned + parse(VISIT_FIXED, fixed), hashes = {h1, h2, h3, h4},
  }
end

-- Section and fixed part.
function attention.visit_write(v)
  local h = v.hashes
  return pack(VISIT, v.watched, v.continuous, v.credited_at, v.commented_at, 0, h[1], h[2], h[3], h[4]),
    pack(VISIT_FIXED, v.earned)
end

-- What the visit has watched, of the section that begins at `from`, and the section with it written back.
function attention.watched(raw, from)
  local watched, continuous, credited_at = parse(WATCHED, raw, from)
  return {watched = watched, continuous = continuous, credited_at = credited_at}
end

function attention.watched_in(raw, from, to, v)
  return pack(WATCHED, v.watched, v.continuous, v.credited_at) .. sub(raw, from + WATCHED_BYTES, to)
end

function attention.clock(a, session)
  local clocks = a.clocks
  for i = 1, #clocks do
    if clocks[i].session == session then return clocks[i] end
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

-- The visit's section with a comment remembered, or nil where the comment does not count.
function attention.comment_in(section, hash, now, interval_ms)
  if section == '' then return nil end
  local watched, continuous, credited_at, commented_at, earned, h1, h2, h3, h4 = parse(VISIT, section)
  if hash == h1 or hash == h2 or hash == h3 or hash == h4 or now - commented_at < interval_ms then return nil end
  return pack(VISIT, watched, continuous, credited_at, now, earned, h2, h3, h4, hash)
end

-- How much of the heat still fits into this viewer's window of ten seconds, in thousandths.
function attention.heat(a, live, now, wanted, most)
  local window = math.floor(now / 10000)
  local slot
  for i = 1, #a.heat do
    if a.heat[i].live == live then slot = a.heat[i] end
  end
  if not slot then
    if #a.heat >= WINDOWS_MAX then table.remove(a.heat, 1) end
    slot = {live = live, window = window, spent = 0}
    a.heat[#a.heat + 1] = slot
  end
  a.warmed = slot
  if slot.window < window then slot.window, slot.spent = window, 0 end
  local granted = math.max(0, math.min(wanted, most - slot.spent))
  slot.spent = slot.spent + granted
  return granted
end
