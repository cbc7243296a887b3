-- A request that may be repeated for a day: the same id with the same input gets the first answer.
local once = {KEPT_MS = 86400000}

-- 'new', 'conflict' (same id, other input), or 'same' and the first answer. `hash` has a fixed length.
function once.check(key, hash)
  local seen = redis.call('GET', key)
  if not seen then return 'new' end
  if string.sub(seen, 1, #hash) ~= hash then return 'conflict' end
  return 'same', string.sub(seen, #hash + 1)
end

function once.commit(key, hash, answer)
  redis.call('SET', key, hash .. answer, 'PX', once.KEPT_MS)
end
