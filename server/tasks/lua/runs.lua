-- Tasks and campaigns of a room while they run. A record is "kind:live:ends:places:json"; kind is task, campaign,
-- or ended for a task that still takes late claims. Places are 0 where everybody who reaches the goal is paid.
-- Claims come through the worker: one that died is replaced within ten seconds and has to catch up.
local runs = {LATE_MS = 120000}

function runs.read(number, raw)
  local kind, live, ends, places, json = string.match(raw, '^(%a+):(%d+):(%d+):(%d+):(.*)$')
  return {
    number = number, kind = kind, live = tonumber(live), ends = tonumber(ends), places = tonumber(places), json = json, won = 0,
  }
end

function runs.check_one(runs_key, number)
  local raw = redis.call('HGET', runs_key, number)
  return raw and runs.read(number, raw)
end

-- Those running, those whose end has come but was not told yet, and those that take no more late claims.
function runs.check(runs_key, won_key, h)
  local found = {running = {}, over = {}, stale = {}}
  local all = redis.call('HGETALL', runs_key)
  if #all == 0 then return found end
  local numbers, list = {}, {}
  for i = 1, #all, 2 do
    local run = runs.read(tonumber(all[i]), all[i + 1])
    numbers[#numbers + 1], list[#list + 1] = run.number, run
  end
  local won = redis.call('HMGET', won_key, unpack(numbers))
  for i, run in ipairs(list) do
    run.won = tonumber(won[i] or 0)
    if run.kind == 'ended' then
      if h.now > run.ends + runs.LATE_MS then found.stale[#found.stale + 1] = run.number end
    elseif h.now >= run.ends or run.live ~= h.live or h.state ~= 'open' then
      run.ends = math.min(run.ends, h.now)
      found.over[#found.over + 1] = run
    else
      found.running[#found.running + 1] = run
    end
  end
  local earlier = function(a, b) return a.number < b.number end
  table.sort(found.running, earlier)
  table.sort(found.over, earlier)
  return found
end

-- Tells the room of each end, in the script that makes it one, so exactly once. Needs lua/head.lua.
function runs.commit_over(runs_key, won_key, moments_key, h, found)
  for _, run in ipairs(found.over) do
    if run.kind == 'task' then
      redis.call('HSET', runs_key, run.number, string.format('ended:%.0f:%.0f:%.0f:', run.live, run.ends, run.places))
      head.commit_moment(h, moments_key, string.format('{"kind":"task.ended","task":%.0f,"won":%.0f}', run.number, run.won))
    else
      redis.call('HDEL', runs_key, run.number)
      head.commit_moment(h, moments_key, string.format('{"kind":"campaign.ended","campaign":%.0f}', run.number))
    end
  end
  if #found.stale > 0 then
    redis.call('HDEL', runs_key, unpack(found.stale))
    redis.call('HDEL', won_key, unpack(found.stale))
  end
end

-- JSON and places taken in turn, of one kind.
function runs.list(found, kind)
  local list = {}
  for _, run in ipairs(found.running) do
    if run.kind == kind then
      list[#list + 1] = run.json
      list[#list + 1] = run.won
    end
  end
  return list
end
