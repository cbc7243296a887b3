-- Which version holds when. Text: "VERSION AT_MS" of what holds, then the same of each scheduled version, in time and in number.
local timeline = {}

-- Steps that others have followed by now are left out; the first one holds, and none where there is no version yet.
function timeline.read(text, now)
  local steps = {}
  for version, at in string.gmatch(text or '', '(%d+) (%d+)') do
    local step = {version = tonumber(version), at = tonumber(at)}
    steps[(#steps == 1 and step.at <= now) and 1 or #steps + 1] = step
  end
  return steps
end

-- Numbers of the scheduled versions that would begin at an instant or later, which are taken out of the steps.
function timeline.cut(steps, at)
  local gone = {}
  while #steps > 1 and steps[#steps].at >= at do table.insert(gone, 1, table.remove(steps).version) end
  return gone
end

function timeline.write(steps)
  local texts = {}
  for i, step in ipairs(steps) do texts[i] = string.format('%.0f %.0f', step.version, step.at) end
  return table.concat(texts, ' ')
end

-- Beside the versions: who called one back, and when.
function timeline.commit_note(books, gone, now, by)
  for _, version in ipairs(gone) do redis.call('HSET', books, 'back:' .. version, string.format('%.0f ', now) .. by) end
end
