-- Counters within windows of time: units per rule in this minute, day, live or for ever.
-- Section: windows, then per window: number, count, then (rule number, units) each. A window whose number is
-- past starts over when it is next used, so nothing has to run at midnight.
-- Fixed part: of the windows that begin anew all the time the number and one counter, the one that rose last; before it,
-- of an account's day, the counter with number 0. A section may be of an older window than the fixed part: then it holds
-- nothing any more. A window has counters in its section only where the fixed part has one.
-- A window in memory: its number, and rule number and units in turn, so that it is packed in one go.
local limits = {FIXED = 'I4BI4', FIXED_DAY = 'I4I4BI4'}
local pack, parse = struct.pack, struct.unpack
local TWO, DAY = '>' .. limits.FIXED .. limits.FIXED, '>' .. limits.FIXED_DAY
-- Formats by the number of counters, which is small: with the window's number, and without.
local WINDOW, COUNTERS = {}, {}

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
  window.number, window.last = number, nil
  for i = #window, 1, -1 do window[i] = nil end
end

local function put_back(window, number, no, units)
  limits.turn(window, number)
  if units == 0 then return end
  window[#window + 1] = no
  window[#window + 1] = units
  window.last = no
end

-- Takes a counter out of its window; answers its units.
local function take_out(window, no)
  local count = #window
  for i = 1, count, 2 do
    if window[i] == no then
      local units = window[i + 1]
      window[i], window[i + 1] = window[count - 1], window[count]
      window[count - 1], window[count] = nil, nil
      return units
    end
  end
  return 0
end

-- The counter that rose last, out of its window; any other where none did, so that there is one while there are any.
local function take_last(window)
  local no = window.last or window[1] or 0
  return no, take_out(window, no)
end

-- Windows of an account: the day and for ever.
function limits.read_account(raw, fixed)
  local list = limits.read(raw, 2)
  local number, points, no, units = parse(DAY, fixed)
  put_back(list[1], number, 0, points)
  put_back(list[1], number, no, units)
  return list
end

-- Section and fixed part. The windows are used up by it.
function limits.write_account(list)
  local day = list[1]
  local points = take_out(day, 0)
  local no, units = take_last(day)
  return limits.write(list), pack(DAY, day.number, points, no, units)
end

-- Windows of a visit: the minute and the room's day.
function limits.read_visit(raw, fixed)
  local list = limits.read(raw, 2)
  local minute, no, units, day, day_no, day_units = parse(TWO, fixed)
  put_back(list[1], minute, no, units)
  put_back(list[2], day, day_no, day_units)
  return list
end

-- Section and fixed part. The windows are used up by it.
function limits.write_visit(list)
  local minute, day = list[1], list[2]
  local no, units = take_last(minute)
  local day_no, day_units = take_last(day)
  return limits.write(list), pack(TWO, minute.number, no, units, day.number, day_no, day_units)
end

function limits.used(window, no)
  for i = 1, #window, 2 do
    if window[i] == no then return window[i + 1] end
  end
  return 0
end

function limits.add(window, no, units)
  if no > 0 then window.last = no end
  for i = 1, #window, 2 do
    if window[i] == no then
      window[i + 1] = window[i + 1] + units
      return
    end
  end
  window[#window + 1] = no
  window[#window + 1] = units
end
