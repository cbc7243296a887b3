-- Numbers of accounts in an experiment: a hash of texts, numbers with a blank between.
local study = {}
local STUDY_AT_ONCE = 1000

-- What the texts become; `full` where accounts that are new have no room.
function study.added(key, deltas, most)
  local fields = {}
  for field in pairs(deltas) do fields[#fields + 1] = field end
  local room = most - redis.call('HLEN', key)
  local texts, full = {}, false
  for from = 1, #fields, STUDY_AT_ONCE do
    local upto = math.min(from + STUDY_AT_ONCE - 1, #fields)
    local known = redis.call('HMGET', key, unpack(fields, from, upto))
    for i = from, upto do
      local old, sums = known[i - from + 1], {}
      if old then
        for number in string.gmatch(old, '%S+') do sums[#sums + 1] = tonumber(number) end
      end
      if old or room > 0 then
        if not old then room = room - 1 end
        for j, by in ipairs(deltas[fields[i]]) do sums[j] = string.format('%.0f', (sums[j] or 0) + by) end
        texts[#texts + 1] = fields[i]
        texts[#texts + 1] = table.concat(sums, ' ')
      else
        full = true
      end
    end
  end
  return {texts = texts, full = full}
end

function study.keep(key, added, kept_ms)
  for from = 1, #added.texts, 2 * STUDY_AT_ONCE do
    redis.call('HSET', key, unpack(added.texts, from, math.min(from + 2 * STUDY_AT_ONCE - 1, #added.texts)))
  end
  if added.full then redis.call('HSET', key, 'full', 1) end
  redis.call('PEXPIRE', key, kept_ms)
end
