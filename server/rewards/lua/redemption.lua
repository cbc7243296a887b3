-- One redemption. States: holding, awaiting_cash, issued, used, cancelling, refunding, cancelled, refunded, failed.
local redemption = {KEPT_MS = 34560000000, FAILED_MS = 86400000}

function redemption.check(key)
  local h = redis.call('HMGET', key, 'state', 'day', 'cash_until', 'order', 'cancel_until', 'point', 'until', 'use_id',
    'used_at', 'clerk', 'device', 'points')
  if not h[1] then return nil end
  return {
    key = key, state = h[1], day = tonumber(h[2] or 0), cash_until = tonumber(h[3] or 0), order = h[4] or '',
    cancel_until = tonumber(h[5] or 0), point = h[6] or '', until_ms = tonumber(h[7] or 0), use_id = h[8] or '',
    used_at = tonumber(h[9] or 0), clerk = h[10] or '', device = h[11] or '',
    points = tonumber(h[12] or 0),
  }
end

-- Its end: nothing is left to do, and after a while it is forgotten.
function redemption.commit_end(key, todo_key, member, state, kept_ms)
  redis.call('HSET', key, 'state', state)
  redis.call('PEXPIRE', key, kept_ms)
  redis.call('ZREM', todo_key, member)
end
