-- Counters within windows of time: units per rule in this minute, day, live or for ever.
-- Section: windows, then per window: number, count, then (rule number, units) each. A window whose number is
-- past starts over when it is next used, so nothing has to run at midnight.
local limits = {}

function limits.read(raw, windows)
  local list = {}
  local at = 2
  for w = 1, windows do
    local window = {number = 0, units = {}, order = {}}
    if raw ~= '' then
      local count
      window.number, count, at = struct.unpack('>I4B', raw, at)
      for i = 1, count do
        local no, units
        no, units, at = struct.unpack('>BI4', raw, at)
        window.units[no] = units
        window.order[i] = no
      end
    end
    list[w] = window
  end
  return list
end

function limits.write(list)
  local parts = {struct.pack('>B', #list)}
  for _, window in ipairs(list) do
    parts[#parts + 1] = struct.pack('>I4B', window.number, #window.order)
    for _, no in ipairs(window.order) do parts[#parts + 1] = struct.pack('>BI4', no, window.units[no]) end
  end
  return table.concat(parts)
end

-- Time never runs backwards here: a smaller number is a late batch and counts in the newer window.
function limits.turn(window, number)
  if number > window.number then
    window.number = number
    window.units = {}
    window.order = {}
  end
end

function limits.used(window, no)
  return window.units[no] or 0
end

function limits.add(window, no, units)
  if not window.units[no] then window.order[#window.order + 1] = no end
  window.units[no] = (window.units[no] or 0) + units
end
