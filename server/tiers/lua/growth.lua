-- Growth and rung of an account on its ladders. Growth is never spent.
-- Section: count, then (ladder, rung, promotions, growth, carry) each. Ladder 250 is no ladder but a day pass.
-- Fixed part: rung, promotions, growth and carry of the platform's ladder, then rungs and end of the day pass.
local growth = {FIXED = 'BI2I6I2BI6', PLATFORM = 1}
local pack, parse = struct.pack, struct.unpack
local ROW, FIXED = '>BBI2I6I2', '>' .. growth.FIXED
-- A day pass stands among the ladders under a number of its own: `rung` is by how many rungs, `growth` when it ends.
local PASS = 250

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

-- Raises the rung to where the growth belongs; answers whether it rose. Rungs count from 0.
function growth.promote(g, thresholds)
  local rung = g.rung
  while thresholds[rung + 2] and g.growth >= thresholds[rung + 2] do rung = rung + 1 end
  if rung == g.rung then return false end
  g.rung = rung
  g.promotions = g.promotions + 1
  return true
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
