-- Removes from a journal what every consumer has dealt with.
local cursors = redis.call('HVALS', K.cursors)
if #cursors < A.consumers then return reply.trimmed(redis.call('XLEN', K.journal), 0) end

local low_ms, low_seq
for _, id in ipairs(cursors) do
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  ms, seq = tonumber(ms), tonumber(seq)
  if not low_ms or ms < low_ms or (ms == low_ms and seq < low_seq) then low_ms, low_seq = ms, seq end
end

--@commit
local removed = redis.call('XTRIM', K.journal, 'MINID', string.format('%.0f-%.0f', low_ms, low_seq + 1))
return reply.trimmed(redis.call('XLEN', K.journal), removed)
