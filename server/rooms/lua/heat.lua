-- Heat of a room: a decaying sum in thousandths on a fixed grid, and the level it holds (rules H1 to H9).
local heat = {ONE = 67108864, GRID_MS = 250, FACTORS = 16, LOG_MAX = 20000}
heat.FORMAT = '>' .. string.rep('I4', 26)

-- Numbers of the rulebook, as packHeat in heat.ts writes them.
function heat.params(packed)
  local n = {struct.unpack(heat.FORMAT, packed)}
  return {
    min_actors = n[1], dwell_ms = n[2], hysteresis = n[3], levels = n[4],
    from = function(level) return n[5 + level] end,
    factor = function(bit) return n[11 + bit] end,
  }
end

-- What a number of buckets leaves of an amount.
function heat.decay(p, milli, buckets)
  if milli == 0 or buckets >= 65536 then return 0 end
  local bit = 0
  while buckets > 0 do
    if buckets % 2 == 1 then milli = math.floor(milli * p.factor(bit) / heat.ONE) end
    buckets = math.floor(buckets / 2)
    bit = bit + 1
  end
  return milli
end

function heat.check_state(key)
  local s = redis.call('HMGET', key, 'heat', 'bucket', 'level', 'since', 'shares')
  return {
    value = tonumber(s[1] or 0), bucket = tonumber(s[2] or 0), level = tonumber(s[3] or 0), since = tonumber(s[4] or 0),
    shares = s[5] or '',
  }
end

-- The level after this heat, and why it does not rise: 0, 1 actors, 2 dwell.
local function level_after(p, state, value, actors, now)
  local level = state.level
  if level >= p.levels then return p.levels - 1, 0 end
  -- A level that never changed in this live may change at once.
  local rested = state.since == 0 or now - state.since >= p.dwell_ms
  local up = level
  while up + 1 < p.levels and value >= p.from(up + 1) do up = up + 1 end
  if up > level then
    if level == 0 and actors < p.min_actors then return level, 1 end
    if not rested then return level, 2 end
    return up, 0
  end
  local down = level
  while down > 0 and value * 1000 < p.from(down) * (1000 - p.hysteresis) do down = down - 1 end
  if rested then return down, 0 end
  return level, 0
end

local function shares_after(p, state, buckets, by_action)
  local sums, numbers = {}, {}
  for at = 1, #state.shares, 5 do
    local action, milli = struct.unpack('>BI4', state.shares, at)
    sums[action] = heat.decay(p, milli, buckets)
  end
  for at = 1, #by_action, 5 do
    local action, milli = struct.unpack('>BI4', by_action, at)
    sums[action] = math.min(heat.ONE - 1, (sums[action] or 0) + milli)
  end
  for action, milli in pairs(sums) do
    if milli > 0 then numbers[#numbers + 1] = action end
  end
  table.sort(numbers)
  for i, action in ipairs(numbers) do numbers[i] = struct.pack('>BI4', action, sums[action]) end
  return table.concat(numbers)
end

-- The state after a pulse. `weight` is what it adds in thousandths, `by_action` the same as (action, weight) pairs.
function heat.check_step(p, state, weight, by_action, actors, now)
  local bucket = math.floor(now / heat.GRID_MS)
  local passed = math.max(0, bucket - state.bucket)
  local value = math.min(heat.ONE - 1, heat.decay(p, state.value, passed) + weight)
  local level, held = level_after(p, state, value, actors, now)
  local next = {value = value, level = level, held = held, since = state.since, shares = state.shares}
  if level ~= state.level then next.since = now end
  next.rose = level > state.level
  next.added = weight > 0
  next.changed = next.added or level ~= state.level
  if next.added then
    next.bucket = bucket
    next.shares = shares_after(p, state, passed, by_action)
  end
  return next
end

-- The state as it stands, cooled to now, for a pulse that adds nothing and decides nothing.
function heat.check_view(p, state, now)
  local passed = math.max(0, math.floor(now / heat.GRID_MS) - state.bucket)
  return {
    value = heat.decay(p, state.value, passed), level = state.level, held = 0, since = state.since, shares = state.shares,
    rose = false, changed = false,
  }
end

-- Stores what changed, and the pulse in the log. `entry` says who sent it, as field and value pairs.
function heat.commit_step(key, log_key, next, entry)
  if not next.changed then return end
  if next.added then
    redis.call('HSET', key, 'heat', next.value, 'bucket', next.bucket, 'level', next.level, 'since', next.since,
      'shares', next.shares)
  else
    redis.call('HSET', key, 'level', next.level, 'since', next.since)
  end
  redis.call('XADD', log_key, 'MAXLEN', '~', heat.LOG_MAX, '*', 'heat', next.value, 'level', next.level, unpack(entry))
end
