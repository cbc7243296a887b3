-- A room's head: epoch, newest moment, live. Every script that writes a moment starts from it.
local head = {MOMENTS_MAX = 1000}

-- The head with the time now, which never runs backwards; nil where there is no such room.
function head.check(key, now_ms)
  local h = redis.call('HMGET', key, 'epoch', 'seq', 'live', 'state', 'started', 'last', 'comment', 'issued', 'safe', 'board')
  if not h[1] then return nil end
  return {
    key = key, epoch = h[1], seq = tonumber(h[2]), live = tonumber(h[3]), state = h[4], started = tonumber(h[5]),
    now = math.max(now_ms, tonumber(h[6])), comment = tonumber(h[7]), issued = tonumber(h[8]), safe = tonumber(h[9]),
    board = tonumber(h[10]),
  }
end

-- Appends a moment. `body` is JSON without number and time; the reader adds both.
function head.commit_moment(h, moments_key, body)
  h.seq = h.seq + 1
  redis.call('XADD', moments_key, 'MAXLEN', '~', head.MOMENTS_MAX, string.format('%.0f-0', h.seq), 'at', h.now, 'body', body)
  redis.call('HSET', h.key, 'seq', h.seq, 'last', h.now)
end

-- A sequence number that was seen but is stored no more: Redis lost its end. Numbers go on behind it, in a new
-- epoch; tasks, campaigns and cues skip ahead as well, because accounts may remember numbers that were lost.
function head.commit_epoch(h, epoch, seq, comment)
  h.epoch, h.seq, h.comment = epoch, math.max(h.seq, seq), math.max(h.comment, comment)
  redis.call('HSET', h.key, 'epoch', epoch, 'seq', h.seq, 'comment', h.comment)
  redis.call('HINCRBY', h.key, 'number', 100)
end
