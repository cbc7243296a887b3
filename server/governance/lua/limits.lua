-- Counters within windows of time: units per rule in this minute, day, live or for ever.
-- Section: windows, then per window: number, count, then (rule number, units) each. A window whose number is
-- past starts over when it is next used, so nothing has to run at midnight.
-- A window in memory: its number, and rule number and units in turn, so that it is packed in one go.
local limits = {}
local pack, parse = struct.pack, struct.unpack
-- Formats by the number of counters, which is small: with the window's number, with the count alone, without either.
local WINDOW, COUNTED, COUNTERS = {}, {}, {}

local function format_of(formats, head, count)
  local format = formats[count]
  if not format then
    format = head .. string.rep('BI4', count)
    formats[count] = format
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
      window = {parse(format_of(COUNTERS, '>', count), raw, at)}
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
  local count = #window / 2
  return pack(format_of(COUNTED, '>B', count), count, unpack(window))
end

function limits.write(list)
  local out = string.char(#list)
  for i = 1, #list do
    local window = list[i]
    local count = #window / 2
    out = out .. pack(format_of(WINDOW, '>I4B', count), window.number, count, unpack(window))
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
