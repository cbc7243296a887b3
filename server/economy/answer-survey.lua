-- Takes what an account answers, once in a period: another answer in the same one takes its place.
local before = redis.call('GET', K.answered)
local counted
if before then counted = string.match(before, '^' .. A.period .. ' (%S+)$') end

--@commit
if counted then redis.call('HINCRBY', K.survey, counted, -1) end
if A.counts ~= '' then redis.call('HINCRBY', K.survey, A.counts, 1) end
redis.call('SET', K.answered, A.period .. ' ' .. A.counts, 'PX', A.kept_ms)
return reply.taken()
