-- Up to where a partition's journal was counted for boards.
local newest = redis.call('XREVRANGE', K.journal, '+', '-', 'COUNT', 1)
local cursor = redis.call('HGET', K.cursors, A.consumer) or '0-0'
-- Trimmed to nothing it was dealt with.
local all = not newest[1] or newest[1][1] == cursor
return reply.read(all and 1 or 0, tonumber(redis.call('HGET', K.counted, 'at') or 0))
