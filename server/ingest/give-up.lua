-- Moves an entry to the dead letters, where it was given out often enough and nobody has acknowledged it meanwhile.
-- One call, so that no crash leaves it in both places or in none.
local held = redis.call('XPENDING', K.stream, A.group, A.entry, A.entry, 1)[1]
if not held then return reply.gone() end
if held[4] < A.tries then return reply.kept(held[4]) end
local kind = redis.call('TYPE', K.dead).ok
if kind ~= 'none' and kind ~= 'stream' then return reply.blocked() end

--@commit
redis.call('XADD', K.dead, 'MAXLEN', '~', A.dead_max, '*',
  'entry', A.entry, 'message', A.message, 'code', A.code, 'field', A.field, 'error_id', A.error_id, 'tries', held[4])
redis.call('XACK', K.stream, A.group, A.entry)
return reply.buried()
