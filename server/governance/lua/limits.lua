-- Counters within windows of time: units per rule in this minute, day, live or for ever.
-- Section: windows, then per window: number, count, then (rule number, units) each. A window whose number is
-- past starts over when it is next used, so nothing has to run at midnight.
-- A window in memory: its number, and rule number and units in turn, so that it is packed in one go.
local limits = {}
local pack, parse = struct.pack, struct.unpack
-- Formats of that many counters; most windows have none or few.
local COUNTERS = {[0] = '', 'BI4', 'BI4BI4', 'BI4BI4BI4'}

local function counters(count)
  local format = COUNTERS[count]
  if not format then
    format = string.rep('BI4', count)
    COUNTERS[count] = format
  end
  return format
end

function limits.read(raw, windows)
  local list, at = {}, 2
  for w = 1, windows do
    local number, count = 0, 0
    if raw ~= '' then number, count, at = parse('>I4B', raw, at) end
    local window
    if count > 0 then
      window = {parse('>' .. counters(count), raw, at)}
      at = window[2 * count + 1]
      window[2 * count + 1] = nil
      window.number = number
    else
      window = {number = number}
    end
    list[w] = window
  end
  return list
end

-- The counters of one window with their count, without its number.
function limits.pack(window)
  return pack('>B' .. counters(#window / 2), #window / 2, unpack(window))
end

function limits.write(list)
  local out = string.char(#list)
  for i = 1, #list do
    local window = list[i]
    out = out .. pack('>I4B' .. counters(#window / 2), window.number, #window / 2, unpack(window))
  end
  return out
end

-- Time never runs backwards here: a smaller number is a late batch and counts in the newer window.
function limits.turn(window, number)
  if number <= window.number then return end
  window.number = number
  for i = #window, 1, -1 do window[i] = nil end
end

function limits.used(window, no)
  for i = 1, #window, 2 do
    if window[i] == no then return window[i + 1] end
  end
  return 0
end

function limits.add(window, no, units)
  for i = 1, #window, 2 do
    if window[i] == no then
      window[i + 1] = window[i + 1] + units
      return
    end
  end
  window[#window + 1] = no
  window[#window + 1] = units
end
