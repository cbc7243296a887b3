-- Client sessions of an account: which commands have been applied, so that each counts once.
-- Section: floor, count, then (start, nonce, high, mask, used, gateway) each. The fixed part is one of them behind its
-- place in the list, 0 for none: the session that acted last.
local sessions = {FIXED = 'BI6I4I4I4I6I2'}
local pack, parse = struct.pack, struct.unpack
local ROW, FIXED = '>I6I4I4I4I6I2', '>' .. sessions.FIXED
local NOBODY = {start = 0, nonce = 0, high = 0, mask = 0, used = 0, gateway = 0}
local SESSIONS_MAX = 8
local UINT32 = 4294967296

local function row(start, nonce, high, mask, used, gateway)
  return {start = start, nonce = nonce, high = high, mask = mask, used = used, gateway = gateway}
end

function sessions.read(raw, fixed)
  local floor, count, at = parse('>I6B', raw == '' and record.ZEROS or raw)
  local list = {floor = floor}
  local place, start, nonce, high, mask, used, gateway = parse(FIXED, fixed)
  for i = 1, place > 0 and count + 1 or count do
    if i == place then
      list[i] = row(start, nonce, high, mask, used, gateway)
      list.last = list[i]
    else
      local a, b, c, d, e, f
      a, b, c, d, e, f, at = parse(ROW, raw, at)
      list[i] = row(a, b, c, d, e, f)
    end
  end
  return list
end

-- Section and fixed part.
function sessions.write(list)
  local last, place, rows = list.last or NOBODY, 0, ''
  for i = 1, #list do
    local s = list[i]
    if s == last then
      place = i
    else
      rows = rows .. pack(ROW, s.start, s.nonce, s.high, s.mask, s.used, s.gateway)
    end
  end
  return pack('>I6B', list.floor, place > 0 and #list - 1 or #list) .. rows,
    pack(FIXED, place, last.start, last.nonce, last.high, last.mask, last.used, last.gateway)
end

function sessions.find(list, start, nonce)
  for i = 1, #list do
    local s = list[i]
    if s.start == start and s.nonce == nonce then return s end
  end
end

-- The session, added where it is new. Nil where it was pushed out by newer ones: whether its commands were
-- applied is no longer known, so they are refused rather than credited twice.
function sessions.enter(list, start, nonce)
  local known = sessions.find(list, start, nonce)
  if known then
    list.last = known
    return known
  end
  if start <= list.floor then return nil end
  if #list >= SESSIONS_MAX then
    local oldest = 1
    for i, s in ipairs(list) do
      if s.used < list[oldest].used then oldest = i end
    end
    list.floor = math.max(list.floor, list[oldest].start)
    table.remove(list, oldest)
  end
  local s = {start = start, nonce = nonce, high = 0, mask = 0, used = 0, gateway = 0}
  list[#list + 1] = s
  list.last = s
  return s
end

-- 0 not applied yet, 1 applied, 2 too old to tell.
function sessions.state(s, seq)
  if seq > s.high then return 0 end
  local back = s.high - seq
  if back >= 32 then return 2 end
  return bit.band(bit.rshift(s.mask, back), 1)
end

-- The mask of a session whose highest number rises by `step`.
function sessions.moved(mask, step)
  return step >= 32 and 1 or mask * 2 ^ step % UINT32 + 1
end

function sessions.mark(s, seq)
  if seq > s.high then
    s.mask = sessions.moved(s.mask, seq - s.high)
    s.high = seq
  else
    s.mask = bit.bor(s.mask, bit.lshift(1, s.high - seq)) % UINT32
  end
end
