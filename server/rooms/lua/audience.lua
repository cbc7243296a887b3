-- Who is in a room: gauges that gateways keep, and the distinct accounts that heated the room in the last minute.
local audience = {
  FRESH_MS = 5000, COUNTED_MS = 250, KEPT_MS = 600000, GATEWAYS_MAX = 1024, ACTORS_MAX = 64, ACTORS_MS = 60000,
}
-- Sum of the gauges, and when they were added up.
local SUM = 'sum'

-- Adds up the gauges of all other gateways heard from lately. Of two incarnations of a gateway only the later one counts.
local function count_others(key, gateway, known, now)
  local all = redis.call('HGETALL', key)
  local others, stale, held, newest, oldest_at, oldest = 0, {}, 0, {}, math.huge, nil
  for i = 1, #all, 2 do
    if all[i] ~= SUM then
      held = held + 1
      local gauge, at = string.match(all[i + 1], '^%d+,(%d+),(%d+)$')
      at = tonumber(at)
      if now - at > audience.KEPT_MS then
        stale[#stale + 1] = all[i]
      elseif at < oldest_at then
        oldest_at, oldest = at, all[i]
      end
      local id = string.match(all[i], '^%d+')
      if id ~= tostring(gateway) and now - at <= audience.FRESH_MS and (not newest[id] or newest[id].at < at) then
        newest[id] = {at = at, gauge = tonumber(gauge)}
      end
    end
  end
  if held - #stale >= audience.GATEWAYS_MAX and not known and oldest then stale[#stale + 1] = oldest end
  for _, other in pairs(newest) do others = others + other.gauge end
  return others, stale
end

-- Finds the gateway's last pulse: `repeated` where this one was applied before, and the sum of the gauges of all others.
-- They are added up when somebody comes and four times a second; in between a pulse changes the sum by its own gauge
-- alone, so that it costs the same however many gateways a room has.
function audience.check_gateways(key, gateway, incarnation, sequence, now)
  local found = {field = gateway .. ':' .. incarnation, repeated = false, stale = {}}
  local stored = redis.call('HMGET', key, found.field, SUM)
  local heard
  if stored[1] then
    local seq, gauge, at = string.match(stored[1], '^(%d+),(%d+),(%d+)$')
    found.repeated, found.gauge, heard = sequence <= tonumber(seq), tonumber(gauge), tonumber(at)
  end
  local sum, at = string.match(stored[2] or '', '^(%d+),(%d+)$')
  if heard and sum and now - at < audience.COUNTED_MS then
    local own = at - heard <= audience.FRESH_MS and found.gauge or 0
    found.others, found.counted_at = math.max(0, sum - own), tonumber(at)
  else
    found.others, found.stale = count_others(key, gateway, heard, now)
    found.counted_at = now
  end
  return found
end

function audience.commit_gateway(key, found, sequence, gauge, now)
  if #found.stale > 0 then redis.call('HDEL', key, unpack(found.stale)) end
  redis.call('HSET', key, found.field, string.format('%.0f,%.0f,%.0f', sequence, gauge, now),
    SUM, string.format('%.0f,%.0f', found.others + gauge, found.counted_at))
end

-- Distinct accounts of the last minute, those of `accounts` included, counted up to 64.
function audience.check_actors(key, accounts, now)
  local since = now - audience.ACTORS_MS
  local count = redis.call('ZCOUNT', key, '(' .. string.format('%.0f', since), '+inf')
  if #accounts > 0 then
    local seen = {}
    for i, at in ipairs(redis.call('ZMSCORE', key, unpack(accounts))) do
      if not seen[accounts[i]] and (not at or tonumber(at) <= since) then count = count + 1 end
      seen[accounts[i]] = true
    end
  end
  return math.min(count, audience.ACTORS_MAX)
end

function audience.commit_actors(key, accounts, now)
  if #accounts == 0 then return end
  local scored = {}
  for _, account in ipairs(accounts) do
    scored[#scored + 1] = now
    scored[#scored + 1] = account
  end
  redis.call('ZADD', key, unpack(scored))
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - audience.ACTORS_MS)
  redis.call('ZREMRANGEBYRANK', key, 0, -1 - audience.ACTORS_MAX)
end
