-- What has come of a spending, under the id of its hold. It is written in the step that acts, so that a repeat finds
-- it; and it is written as `void` before a hold is voided, so that an act that comes late finds that instead.
local acts = {KEPT_MS = 172800000, VOID = 'void', WAITING = 'waiting', LAPSED = 'lapsed'}

-- nil, or what was written.
function acts.check(key)
  return redis.call('GET', key) or nil
end

function acts.commit(key, state)
  redis.call('SET', key, state, 'PX', acts.KEPT_MS)
end

-- Whether the points of something in this state go back.
function acts.goes_back(state)
  return state == acts.VOID or state == acts.LAPSED or state == 'rejected'
end
