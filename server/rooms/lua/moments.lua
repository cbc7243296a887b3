-- Moments of a room as readers get them.
local moments = {READ_MAX = 100}

-- Those after `after`, each as number, time and body; nil where some are already gone.
function moments.check_after(key, newest, after)
  if after >= newest then return {} end
  local found = redis.call('XRANGE', key, string.format('(%.0f-0', after), '+', 'COUNT', moments.READ_MAX)
  local list = {}
  for i, entry in ipairs(found) do
    local seq = tonumber(string.match(entry[1], '^%d+'))
    if seq ~= after + i then return nil end
    list[3 * i - 2], list[3 * i - 1], list[3 * i] = seq, entry[2][2], entry[2][4]
  end
  if #found == 0 then return nil end
  return list
end
