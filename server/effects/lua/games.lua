-- Draws, blind boxes and votes of a room. A part is "day of the last free one:free:bought".
local games = {}

function games.check(key)
  local g = redis.call('HMGET', key, 'kind', 'state', 'ends', 'per_viewer', 'total', 'tickets')
  if not g[1] then return nil end
  return {
    kind = g[1], state = g[2], ends = tonumber(g[3]), per_viewer = tonumber(g[4]), total = tonumber(g[5]),
    tickets = tonumber(g[6]),
  }
end

function games.check_part(key, account)
  local raw = redis.call('HGET', key, account)
  local day, free, bought = string.match(raw or '-1:0:0', '^(-?%d+):(%d+):(%d+)$')
  return {day = tonumber(day), free = tonumber(free), bought = tonumber(bought)}
end

function games.commit_part(key, account, part)
  redis.call('HSET', key, account, string.format('%.0f:%.0f:%.0f', part.day, part.free, part.bought))
end
