-- The board of a live: points by account, with the name and rung to show.
local board = {KEPT_MAX = 1000}

-- `scored` is points and account in turn, `named` account and "rung:name" in turn. Points only rise, so a repeat
-- changes nothing; beyond the thousandth place the lowest fall off.
function board.commit_update(board_key, names_key, scored, named)
  redis.call('ZADD', board_key, 'GT', unpack(scored))
  redis.call('HSET', names_key, unpack(named))
  local over = redis.call('ZCARD', board_key) - board.KEPT_MAX
  if over > 0 then
    local gone = redis.call('ZPOPMIN', board_key, over)
    local fields = {}
    for i = 1, #gone, 2 do fields[#fields + 1] = gone[i] end
    redis.call('HDEL', names_key, unpack(fields))
  end
end

-- The first `places`: account, points and "rung:name" in turn.
function board.check_top(board_key, names_key, places)
  local top = redis.call('ZREVRANGE', board_key, 0, places - 1, 'WITHSCORES')
  if #top == 0 then return {} end
  local accounts = {}
  for i = 1, #top, 2 do accounts[#accounts + 1] = top[i] end
  local names = redis.call('HMGET', names_key, unpack(accounts))
  local lines = {}
  for i, account in ipairs(accounts) do
    lines[3 * i - 2], lines[3 * i - 1], lines[3 * i] = account, top[2 * i], names[i] or '0:'
  end
  return lines
end
