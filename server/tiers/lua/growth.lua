-- Growth and rung of an account on its ladders. Growth is never spent.
-- Section: count, then (ladder, rung, promotions, growth, carry) each. Ladder 250 is no ladder but a day pass.
local growth = {}
local pack, parse = struct.pack, struct.unpack

function growth.read(raw)
  local list = {}
  if raw == '' then return list end
  local at = 2
  for i = 1, string.byte(raw) do
    local ladder, rung, promotions, grown, carry
    ladder, rung, promotions, grown, carry, at = parse('>BBI2I6I2', raw, at)
    list[i] = {ladder = ladder, rung = rung, promotions = promotions, growth = grown, carry = carry}
  end
  return list
end

function growth.write(list)
  local out = string.char(#list)
  for i = 1, #list do
    local g = list[i]
    out = out .. pack('>BBI2I6I2', g.ladder, g.rung, g.promotions, g.growth, g.carry)
  end
  return out
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

-- A day pass stands among the ladders under a number of its own: `rung` is by how many rungs, `growth` when it ends.
local PASS = 250

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
