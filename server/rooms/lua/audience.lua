-- Who is in a room: gauges that gateways keep, and the distinct accounts that heated the room in the last minute.
local audience = {FRESH_MS = 5000, KEPT_MS = 600000, GATEWAYS_MAX = 256, ACTORS_MAX = 64, ACTORS_MS = 60000}

-- Finds the gateway's last pulse: `repeated` where this one was applied before, and the sum of the gauges of all
-- other gateways heard from lately. Of two incarnations of a gateway only the later one counts.
function audience.check_gateways(key, gateway, incarnation, sequence, now)
  local all = redis.call('HGETALL', key)
  local own = gateway .. ':' .. incarnation
  local found = {field = own, repeated = false, others = 0, stale = {}}
  local newest, oldest_at, oldest = {}, math.huge, nil
  for i = 1, #all, 2 do
    local seq, gauge, at = string.match(all[i + 1], '^(%d+),(%d+),(%d+)$')
    at = tonumber(at)
    local id = string.match(all[i], '^%d+')
    if all[i] == own then
      found.repeated = sequence <= tonumber(seq)
      found.gauge = tonumber(gauge)
    else
      if now - at > audience.KEPT_MS then
        found.stale[#found.stale + 1] = all[i]
      elseif at < oldest_at then
        oldest_at, oldest = at, all[i]
      end
      if id ~= tostring(gateway) and now - at <= audience.FRESH_MS then
        if not newest[id] or newest[id].at < at then newest[id] = {at = at, gauge = tonumber(gauge)} end
      end
    end
  end
  if #all / 2 - #found.stale >= audience.GATEWAYS_MAX and not found.gauge and oldest then
    found.stale[#found.stale + 1] = oldest
  end
  for _, other in pairs(newest) do found.others = found.others + other.gauge end
  return found
end

function audience.commit_gateway(key, found, sequence, gauge, now)
  if #found.stale > 0 then redis.call('HDEL', key, unpack(found.stale)) end
  redis.call('HSET', key, found.field, string.format('%.0f,%.0f,%.0f', sequence, gauge, now))
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
