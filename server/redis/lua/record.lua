-- Packed records: a version byte, flags, a change counter, and the sections of the modules that share the record.
-- A module reads and writes its own section only, so no module needs to know another's layout.
-- An account: client sessions, wallet, growth, day counters, attention.
local record = {ACCOUNT_VERSION = 1, ACCOUNT_SECTIONS = 5, WALLET = 2}
local pack, parse, sub = struct.pack, struct.unpack, string.sub
-- Version, flags, changes, and the lengths of three sections or of five: written out, because every viewer of every
-- batch passes here twice.
local THREE, FIVE = '>BBI6I2I2I2', '>BBI6I2I2I2I2I2'

local function open_three(raw, a)
  local _, flags, changes, l1, l2, l3 = parse(THREE, raw)
  local b = a + l1
  local c = b + l2
  local d = c + l3
  if d ~= #raw + 1 then return nil end
  return {flags = flags, changes = changes, sub(raw, a, b - 1), sub(raw, b, c - 1), sub(raw, c, d - 1)}
end

local function open_five(raw, a)
  local _, flags, changes, l1, l2, l3, l4, l5 = parse(FIVE, raw)
  local b = a + l1
  local c = b + l2
  local d = c + l3
  local e = d + l4
  local f = e + l5
  if f ~= #raw + 1 then return nil end
  return {
    flags = flags, changes = changes, sub(raw, a, b - 1), sub(raw, b, c - 1), sub(raw, c, d - 1), sub(raw, d, e - 1),
    sub(raw, e, f - 1),
  }
end

-- The sections of a record, three or five, or nil where it cannot be read. A missing record opens empty.
function record.open(raw, version, sections)
  if not raw then return {flags = 0, changes = 0, '', '', '', '', ''} end
  local head = 8 + 2 * sections
  if #raw < head or string.byte(raw) ~= version then return nil end
  if sections == 3 then return open_three(raw, head + 1) end
  return open_five(raw, head + 1)
end

function record.seal(opened, version, sections)
  local a, b, c, d, e = opened[1], opened[2], opened[3], opened[4], opened[5]
  if sections == 3 then return pack(THREE, version, opened.flags, opened.changes, #a, #b, #c) .. a .. b .. c end
  return pack(FIVE, version, opened.flags, opened.changes, #a, #b, #c, #d, #e) .. a .. b .. c .. d .. e
end
