-- Ways to a rung beside growth: points ever earned, and sets of quests that were done. Neither ever falls, so a rung that is
-- held by them is never lost by time.
local ways = {}
-- A block of its own: all fragments of a script share the 200 locals that Lua has room for.
do
local parse, byte = struct.unpack, string.byte
ways.NONE = {points = {}, sets = {}}

-- As scoring/pack-ways.ts packs them, for each of `rungs` rungs: points that bring at least so far, then the sets, each quest with the
-- number of its steps. A ladder without them packs nothing.
function ways.policy(raw, at, rungs)
  if at > #raw then return ways.NONE end
  local p = {points = {}, sets = {}}
  for i = 1, rungs do
    local count
    p.points[i], count, at = parse('>I6B', raw, at)
    local sets = {}
    for k = 1, count do
      local set, size = {}, byte(raw, at)
      at = at + 1
      for n = 1, size do
        set[n] = {quest = byte(raw, at), steps = byte(raw, at + 1)}
        at = at + 2
      end
      sets[k] = set
    end
    p.sets[i] = sets
  end
  return p
end

local function is_done(set, paid)
  for i = 1, #set do
    if (paid[set[i].quest] or 0) < set[i].steps then return false end
  end
  return true
end

-- The highest rung that they reach, from 0; `paid` are the steps of each quest that were ever paid.
function ways.rung(policy, earned, paid)
  for i = #policy.points, 2, -1 do
    if earned >= policy.points[i] then return i - 1 end
    for k = 1, #policy.sets[i] do
      if is_done(policy.sets[i][k], paid) then return i - 1 end
    end
  end
  return 0
end
end
