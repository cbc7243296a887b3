-- Growth and rung of an account on its ladders. Growth is never spent.
-- Section: count, then (ladder, rung, promotions, growth, carry) each. Ladder 250 is no ladder but a day pass, 251 and 252
-- are the window in which the platform's rung is being kept.
-- Fixed part: rung, promotions, growth and carry of the platform's ladder, then rungs and end of the day pass.
local growth = {FIXED = 'BI2I6I2BI6', PLATFORM = 1}
local pack, parse = struct.pack, struct.unpack
local ROW, FIXED = '>BBI2I6I2', '>' .. growth.FIXED
-- A day pass stands among the ladders under a number of its own: `rung` is by how many rungs, `growth` when it ends.
local PASS = 250
-- The window: `rung` that is being kept, whether its loss was told (`promotions`), when it ends (`growth`); and the growth
-- at which the rung is kept, with how many minutes before the end its loss is told (`promotions`). Promised when the window begins, whatever rulebook is published since.
local WINDOW, ASKED = 251, 252

local function row(ladder, rung, promotions, grown, carry)
  return {ladder = ladder, rung = rung, promotions = promotions, growth = grown, carry = carry}
end

function growth.read(raw, fixed)
  local list, at = {}, 2
  for i = 1, string.byte(raw) or 0 do
    local ladder, rung, promotions, grown, carry
    ladder, rung, promotions, grown, carry, at = parse(ROW, raw, at)
    list[i] = row(ladder, rung, promotions, grown, carry)
  end
  local rung, promotions, grown, carry, pass, ends = parse(FIXED, fixed)
  if rung + promotions + grown + carry > 0 then list[#list + 1] = row(growth.PLATFORM, rung, promotions, grown, carry) end
  if pass > 0 then list[#list + 1] = row(PASS, pass, 0, ends, 0) end
  return list
end

local NOTHING = row(0, 0, 0, 0, 0)

-- Section and fixed part.
function growth.write(list)
  local platform, pass, rows, count = NOTHING, NOTHING, '', 0
  for i = 1, #list do
    local g = list[i]
    if g.ladder == growth.PLATFORM then
      platform = g
    elseif g.ladder == PASS then
      pass = g
    else
      rows, count = rows .. pack(ROW, g.ladder, g.rung, g.promotions, g.growth, g.carry), count + 1
    end
  end
  return string.char(count) .. rows,
    pack(FIXED, platform.rung, platform.promotions, platform.growth, platform.carry, pass.rung, pass.growth)
end

function growth.on(list, ladder)
  for i = 1, #list do
    if list[i].ladder == ladder then return list[i] end
  end
  local g = {ladder = ladder, rung = 0, promotions = 0, growth = 0, carry = 0}
  list[#list + 1] = g
  return g
end

-- Adds thousandths of growth; answers the whole growth gained.
function growth.add(g, milli)
  local total = milli + g.carry
  local gained = math.floor(total / 1000)
  g.carry = total % 1000
  g.growth = g.growth + gained
  return gained
end

-- What journals name where a rung is told to be lost soon, and where it is.
growth.WARNED, growth.FELL = 29, 30

-- How rungs are kept, as keep-policy.ts packs it: for the day it was made and for the next each, when a window ends that
-- begins then, how many minutes before that its loss is told, and the soonest that a window ends of which it is told then.
-- So many bytes, and six more for each rung.
growth.POLICY_BYTES = 35
function growth.policy(raw, at)
  local count
  local p = {asks = {}}
  p.day_ends, p.ends, p.lead, p.warned_ends, p.next_ends, p.next_lead, p.next_warned_ends, count, at =
    parse('>I6I6I2I6I6I2I6B', raw, at)
  for i = 1, count do p.asks[i], at = parse('>I6', raw, at) end
  return p
end

local function window_of(list)
  local window, asked
  for i = 1, #list do
    if list[i].ladder == WINDOW then window = list[i] elseif list[i].ladder == ASKED then asked = list[i] end
  end
  return window, asked
end

local function without_window(list)
  for i = #list, 1, -1 do
    if list[i].ladder == WINDOW or list[i].ladder == ASKED then table.remove(list, i) end
  end
end

-- What a window asks for the rung; nothing of one that is held without growth, `by` which rung is the highest.
local function asks_of(g, policy, by)
  return g.rung <= by and 0 or policy.asks[g.rung + 1] or 0
end

-- A new window for the rung that the account has now; none where nothing is asked for it.
function growth.begin_window(list, g, policy, now, by)
  local asks = asks_of(g, policy, by)
  if asks == 0 then return without_window(list) end
  local window, asked = growth.on(list, WINDOW), growth.on(list, ASKED)
  window.rung, window.promotions = g.rung, 0
  asked.growth = g.growth + asks
  if now < policy.day_ends then
    window.growth, asked.promotions = policy.ends, policy.lead
  else
    window.growth, asked.promotions = policy.next_ends, policy.next_lead
  end
end

-- After growth or rung have changed otherwise than by an action: the window is that of the rung, and never asks for more
-- than a window does.
function growth.fit_window(list, g, policy, now, by)
  local window, asked = window_of(list)
  if not window or window.rung ~= g.rung or g.rung <= by then return growth.begin_window(list, g, policy, now, by) end
  asked.growth = math.min(asked.growth, g.growth + (policy.asks[g.rung + 1] or 0))
end

-- What a rung below needs of growth; one that needs none has the threshold of the next that does.
local function below(thresholds, rung, needed)
  for i = rung, 1, -1 do
    if thresholds[i] < needed then return thresholds[i] end
  end
  return 0
end

-- What is due by now on how the rung is kept: answers WARNED or FELL where that happened, with the rung it is about, the
-- growth that is missing, the growth that is gone, and when the window ends. A fall leaves as much missing for the lost
-- rung as was missing to keep it. Who is `excused` keeps the rung, and so does who holds it `by` other ways.
function growth.keep(list, g, thresholds, policy, now, by, excused)
  local window, asked = window_of(list)
  local rung = g.rung
  if not window or window.rung ~= rung or asks_of(g, policy, by) == 0 then
    if window or rung > 0 then growth.begin_window(list, g, policy, now, by) end
    return nil
  end
  if now < window.growth - 60000 * asked.promotions then return nil end
  local missing = asked.growth - g.growth
  if missing <= 0 or excused then
    if now >= window.growth then growth.begin_window(list, g, policy, now, by) end
    return nil
  end
  if window.promotions == 0 then
    window.promotions = 1
    window.growth = math.max(window.growth, now < policy.day_ends and policy.warned_ends or policy.next_warned_ends)
    return growth.WARNED, rung, missing, 0, window.growth
  end
  if now < window.growth then return nil end
  local needed = thresholds[rung + 1] or 0
  local left = math.min(g.growth, math.max(below(thresholds, rung, needed), needed - missing))
  local gone = g.growth - left
  g.growth, g.rung = left, rung - 1
  growth.begin_window(list, g, policy, now, by)
  return growth.FELL, rung, missing, gone, 0
end

-- A rung in journals, with the one before it: both are below 10, and 0 stands for not told.
function growth.rungs(from, rung) return 16 * (from + 1) + rung end

-- One entry of a journal element of layout 5 (change-growth.lua).
growth.JOURNAL_VERSION = 5
function growth.entry(number, changes, g, of)
  return pack('>I6I6BBBBI6', number, changes, of.cause, g.ladder, growth.rungs(of.from, g.rung), of.change < 0 and 1 or 0,
    math.abs(of.change)) .. string.char(#of.ref) .. of.ref .. string.char(#of.subject) .. of.subject
end

function growth.element(now, entries)
  return pack('>BI6I2', growth.JOURNAL_VERSION, now, #entries) .. table.concat(entries)
end

-- The same as `keep`, with the journal's entry of what happened; `account` is the open record, which changes once more.
function growth.decide(list, g, of)
  local what, rung, missing, gone, ends =
    growth.keep(list, g, of.thresholds, of.policy, of.now, of.by, record.is_frozen(of.account))
  if not what then return nil end
  of.account.changes = of.account.changes + 1
  return growth.entry(of.number, of.account.changes, g, {
    cause = what, from = rung, change = -gone, ref = '',
    subject = string.format('%.0f %.0f %.0f', rung, missing, ends),
  })
end

-- Raises the rung to where the growth belongs, and to what is reached `by` other ways; answers whether it rose, and from
-- where. Rungs count from 0.
function growth.promote(g, thresholds, by)
  local rung = math.max(g.rung, by)
  while thresholds[rung + 2] and g.growth >= thresholds[rung + 2] do rung = rung + 1 end
  if rung == g.rung then return false end
  local from = g.rung
  g.rung = rung
  g.promotions = g.promotions + 1
  return true, from
end

-- How many rungs higher than its own the account counts now.
function growth.boost(list, now)
  for i = 1, #list do
    local g = list[i]
    if g.ladder == PASS and now < g.growth then return g.rung, g.growth end
  end
  return 0, 0
end

function growth.set_boost(list, rungs, ends)
  local pass = growth.on(list, PASS)
  pass.rung, pass.growth = rungs, ends
end
