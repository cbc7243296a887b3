-- What was done under an id: a hash of what was asked for, then the entry of it. Remembered for 90 days.
local done = {KEPT_MS = 7776000000}
local HASH_LENGTH = 16
-- The archive does not tell what was asked for, so what was rebuilt from it stands for anything.
local REBUILT = string.rep('0', HASH_LENGTH)

function done.is_same(kept_hash, hash)
  return kept_hash == hash or kept_hash == REBUILT
end

-- What stands behind the hash, or nil where something else was asked for.
function done.read(kept, hash)
  if not done.is_same(string.sub(kept, 1, HASH_LENGTH), hash) then return nil end
  return string.sub(kept, HASH_LENGTH + 1)
end

function done.commit(key, hash, entry)
  redis.call('SET', key, hash .. entry, 'PX', done.KEPT_MS)
end
