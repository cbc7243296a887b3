-- Scoring time is Redis time. A given time counts only where TypeScript lets one through, for tests and replays.
local time = {}

function time.now(given_ms)
  if given_ms >= 0 then return given_ms end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end
