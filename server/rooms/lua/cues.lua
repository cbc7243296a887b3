-- The host's queue of tier-ups, and of guests to greet, whose ladder begins with a mark. A cue is "ladder:rung:others:since:last:held:count:names", the names being JSON
-- strings with commas between. The queue ranks: not held first, higher rung first, longest waiting first.
local cues = {MAX = 100, SHOWN_MAX = 20, NAMES_MAX = 3, MERGE_MS = 2000, GREETING = '~', GREETING_MS = 300000}

function cues.read(id, raw)
  local ladder, rung, others, since, last, held, count, names =
    string.match(raw, '^([^:]*):(%d+):(%d+):(%d+):(%d+):(%d):(%d+):(.*)$')
  return {
    id = id, ladder = ladder, rung = tonumber(rung), others = tonumber(others), since = tonumber(since),
    last = tonumber(last), held = held == '1', count = tonumber(count), names = names,
  }
end

function cues.check_one(cues_key, id)
  local raw = redis.call('HGET', cues_key, id)
  return raw and cues.read(id, raw)
end

-- The first of the queue: id and record in turn.
function cues.check_top(cues_key, queue_key)
  local ids = redis.call('ZRANGE', queue_key, 0, cues.SHOWN_MAX - 1)
  if #ids == 0 then return {} end
  local list = {}
  for i, raw in ipairs(redis.call('HMGET', cues_key, unpack(ids))) do
    list[2 * i - 1], list[2 * i] = ids[i], raw or ''
  end
  return list
end

function cues.greets(cue) return string.sub(cue.ladder, 1, 1) == cues.GREETING end

-- Every waiting cue that may still grow, by ladder and rung; and ids of greetings that waited too long.
function cues.check_open(cues_key, now)
  local open, stale = {}, {}
  local all = redis.call('HGETALL', cues_key)
  for i = 1, #all, 2 do
    local cue = cues.read(all[i], all[i + 1])
    if cues.greets(cue) and now - cue.last > cues.GREETING_MS then stale[#stale + 1] = cue.id end
    if not cue.held and now - cue.last <= cues.MERGE_MS then open[cue.ladder .. ':' .. cue.rung] = cue end
  end
  return open, stale
end

-- Adds a name (a JSON string, or '' for who stays nameless) to a cue or moment.
function cues.add_name(cue, name)
  if name ~= '' and cue.count < cues.NAMES_MAX then
    cue.names = cue.count == 0 and name or cue.names .. ',' .. name
    cue.count = cue.count + 1
  else
    cue.others = cue.others + 1
  end
end

-- Scores stay below 2^53: two bits of order, four of rung, 42 of time.
function cues.commit_put(cues_key, queue_key, cue)
  redis.call('HSET', cues_key, cue.id, string.format('%s:%.0f:%.0f:%.0f:%.0f:%s:%.0f:%s', cue.ladder, cue.rung,
    cue.others, cue.since, cue.last, cue.held and '1' or '0', cue.count, cue.names))
  local rank = cue.held and 2 ^ 47 + cue.last or (15 - math.min(cue.rung, 15)) * 2 ^ 42 + cue.since
  redis.call('ZADD', queue_key, rank, cue.id)
end

function cues.commit_remove(cues_key, queue_key, id)
  redis.call('HDEL', cues_key, id)
  redis.call('ZREM', queue_key, id)
end

-- Beyond the maximum the lowest ranked fall off; their moment was written when they were reached.
function cues.commit_trim(cues_key, queue_key)
  local over = redis.call('ZCARD', queue_key) - cues.MAX
  if over > 0 then
    for _, id in ipairs(redis.call('ZREVRANGE', queue_key, 0, over - 1)) do cues.commit_remove(cues_key, queue_key, id) end
  end
end
