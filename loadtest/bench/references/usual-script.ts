/** A viewer as a hash, a board, a stream: what most would write first. */
export const USUAL_SCRIPT = `
local h = redis.call('HMGET', KEYS[1], 'points', 'growth', 'day', 'today', 'carry', 'seq')
local now, count = tonumber(ARGV[2]), tonumber(ARGV[1])
local day = math.floor(now / 86400000)
local today = tonumber(h[3]) == day and tonumber(h[4]) or 0
local left = math.max(0, 1000000 - today)
local milli = math.min(left, count) * 1000 + (tonumber(h[5]) or 0)
local gained = math.floor(milli / 1000)
local points = (tonumber(h[1]) or 0) + gained
redis.call('HSET', KEYS[1], 'points', points, 'growth', (tonumber(h[2]) or 0) + gained, 'day', day,
  'today', today + gained, 'carry', milli % 1000, 'seq', (tonumber(h[6]) or 0) + 1)
redis.call('ZADD', KEYS[2], points, ARGV[3])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', 10000, '*', 'v', ARGV[3], 'p', gained)
return points`

/** The same for the viewers of KEYS[3..], with one variadic ZADD and one XADD: the usual script, batched. */
export const BATCHED_SCRIPT = `
local now, day = tonumber(ARGV[1]), math.floor(tonumber(ARGV[1]) / 86400000)
local board, log = {}, {}
for i = 3, #KEYS do
  local h = redis.call('HMGET', KEYS[i], 'points', 'growth', 'day', 'today', 'carry', 'seq')
  local today = tonumber(h[3]) == day and tonumber(h[4]) or 0
  local milli = math.min(math.max(0, 1000000 - today), 1) * 1000 + (tonumber(h[5]) or 0)
  local gained = math.floor(milli / 1000)
  local points = (tonumber(h[1]) or 0) + gained
  redis.call('HSET', KEYS[i], 'points', points, 'growth', (tonumber(h[2]) or 0) + gained, 'day', day,
    'today', today + gained, 'carry', milli % 1000, 'seq', (tonumber(h[6]) or 0) + 1)
  board[#board + 1] = points
  board[#board + 1] = KEYS[i]
  log[#log + 1] = KEYS[i]
  log[#log + 1] = gained
end
redis.call('ZADD', KEYS[1], unpack(board))
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', unpack(log))
return #KEYS - 2`
