-- Client sessions of an account: which commands have been applied, so that each counts once.
-- Section: floor, count, then (start, nonce, high, mask, used, gateway) each.
local sessions = {}
local pack, parse = struct.pack, struct.unpack
local SESSIONS_MAX = 8
local UINT32 = 4294967296

function sessions.read(raw)
  if raw == '' then return {floor = 0} end
  local floor, count, at = parse('>I6B', raw)
  local list = {floor = floor}
  for i = 1, count do
    local start, nonce, high, mask, used, gateway
    start, nonce, high, mask, used, gateway, at = parse('>I6I4I4I4I6I2', raw, at)
    list[i] = {start = start, nonce = nonce, high = high, mask = mask, used = used, gateway = gateway}
  end
  return list
end

function sessions.write(list)
  local out = pack('>I6B', list.floor, #list)
  for i = 1, #list do
    local s = list[i]
    out = out .. pack('>I6I4I4I4I6I2', s.start, s.nonce, s.high, s.mask, s.used, s.gateway)
  end
  return out
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
  if known then return known end
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
  return s
end

-- 0 not applied yet, 1 applied, 2 too old to tell.
function sessions.state(s, seq)
  if seq > s.high then return 0 end
  local back = s.high - seq
  if back >= 32 then return 2 end
  return bit.band(bit.rshift(s.mask, back), 1)
end

function sessions.mark(s, seq)
  if seq > s.high then
    local step = seq - s.high
    s.mask = step >= 32 and 1 or bit.bor(bit.lshift(s.mask, step), 1) % UINT32
    s.high = seq
  else
    s.mask = bit.bor(s.mask, bit.lshift(1, s.high - seq)) % UINT32
  end
end
