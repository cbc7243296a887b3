-- Adds what journal elements say to sums and lists and moves the cursor behind them, in one step; so each counts once.
--@include "../redis/lua/reader.lua"
if reader.moved(K.cursors, A.consumer, A.after) then return reply.moved() end
if reader.lost(K.journal, A.last) then return reply.gone() end
-- A call takes some thousand arguments and no more.
local AT_ONCE = 500

-- Sums are account, points and second in turn. A score is points * seconds + (seconds - 1 - second).
local function added(key, sums)
  local scored = {}
  for from = 1, #sums, 3 * AT_ONCE do
    local accounts = {}
    local to = math.min(from + 3 * AT_ONCE - 1, #sums)
    for i = from, to, 3 do accounts[#accounts + 1] = string.format('%.0f', sums[i]) end
    local were = redis.call('ZMSCORE', key, unpack(accounts))
    for i, account in ipairs(accounts) do
      local at = from + 3 * (i - 1)
      local points = were[i] and math.floor(tonumber(were[i]) / A.seconds) or 0
      local now = math.min(points + sums[at + 1], 4294967295)
      scored[#scored + 1] = string.format('%.0f', now * A.seconds + A.seconds - 1 - sums[at + 2])
      scored[#scored + 1] = account
    end
  end
  return scored
end

local scored = {}
for i = 1, E.n do
  local all = added(E.zset(i), cjson.decode(E.sums(i)))
  local lines = cjson.decode(E.lines(i))
  for at = 1, #lines, 2 do
    all[#all + 1] = string.format('%.0f', lines[at + 1])
    all[#all + 1] = lines[at]
  end
  scored[i] = all
end

--@commit
for i = 1, E.n do
  local all = scored[i]
  for from = 1, #all, 2 * AT_ONCE do
    redis.call('ZADD', E.zset(i), unpack(all, from, math.min(from + 2 * AT_ONCE - 1, #all)))
  end
  redis.call('ZREMRANGEBYRANK', E.zset(i), 0, -E.max(i) - 1)
  redis.call('PEXPIRE', E.zset(i), E.kept_ms(i))
end
redis.call('HSET', K.counted, 'at', A.at_ms)
reader.commit(K.cursors, A.consumer, A.last)
return reply.counted()
