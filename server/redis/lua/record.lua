-- Packed records: a version byte, flags, a change counter, then what the modules that share the record keep in it. Each
-- module has a fixed part, for the rows that are touched most, and behind all fixed parts a section of any length for the
-- others. A module reads and writes its own two only, so no module needs to know another's layout; who has to be fast
-- reads all fixed parts in one step and carries the sections along unopened (scoring/lua/quick.lua).
-- A fixed part of zeros holds nothing.
-- Behind the sections of an account may stand extras: what few accounts have, each with its tag and length. Who knows none
-- of them carries them along.
-- `ZEROS` is what a part reads as that is not there; longer than any.
local record = {WALLET = 2, FROZEN_FLAG = 1, ZEROS = string.rep('\0', 128)}
local pack, parse, sub = struct.pack, struct.unpack, string.sub
local VERSION = 2
-- Version, flags and changes.
local HEAD, HEAD_BYTES = '>BBI6', 8

-- Client sessions, wallet, growth, day counters, attention. `parts` are the head and the fixed parts, each as long as its
-- module's FIXED says, `fixed` the bytes of these.
record.ACCOUNT = {sections = 5, fixed = 113, parts = HEAD .. 'c27c34c18c13c13'}
-- Counters, attention, tasks; tasks have no fixed part.
record.VISIT = {sections = 3, fixed = 32, parts = HEAD .. 'c18c6'}

-- Lengths of three sections or of five: written out, because every viewer of every batch passes here twice.
local THREE, FIVE = '>I2I2I2', '>I2I2I2I2I2'
local SEAL_THREE, SEAL_FIVE = '>BBI6c0c0I2I2I2c0c0c0', '>BBI6c0c0c0c0c0I2I2I2I2I2c0c0c0c0c0'

local function three(raw, at, flags, changes, fixed)
  local l1, l2, l3, a = parse(THREE, raw, at)
  local b = a + l1
  local c = b + l2
  local d = c + l3
  if d ~= #raw + 1 then return nil end
  return {flags = flags, changes = changes, fixed = fixed, sub(raw, a, b - 1), sub(raw, b, c - 1), sub(raw, c, d - 1)}
end

-- Tag and length of an extra.
local EXTRA, EXTRA_BYTES = '>BI2', 3

-- Whether extras, one after the other, are all that stands from there on.
local function whole(raw, at)
  while at + EXTRA_BYTES - 1 <= #raw do
    local _, length, begins = parse(EXTRA, raw, at)
    at = begins + length
  end
  return at == #raw + 1
end

local function five(raw, at, flags, changes, fixed)
  local l1, l2, l3, l4, l5, a = parse(FIVE, raw, at)
  local b = a + l1
  local c = b + l2
  local d = c + l3
  local e = d + l4
  local f = e + l5
  if f ~= #raw + 1 and not whole(raw, f) then return nil end
  return {
    flags = flags, changes = changes, fixed = fixed, extras = sub(raw, f), sub(raw, a, b - 1), sub(raw, b, c - 1),
    sub(raw, c, d - 1), sub(raw, d, e - 1), sub(raw, e, f - 1),
  }
end

-- The extra of that tag, '' where there is none, and where its head begins. Extras stand in `raw` from `at` on.
function record.extra_in(raw, at, tag)
  while at < #raw do
    local of, length, begins = parse(EXTRA, raw, at)
    if of == tag then return sub(raw, begins, begins + length - 1), at end
    at = begins + length
  end
  return '', at
end

function record.extra(opened, tag)
  return (record.extra_in(opened.extras, 1, tag))
end

-- Puts an extra in the place of the one there was, or behind the others.
function record.set_extra(opened, tag, bytes)
  local raw = opened.extras
  local was, at = record.extra_in(raw, 1, tag)
  local after = at <= #raw and at + EXTRA_BYTES + #was or at
  opened.extras = sub(raw, 1, at - 1) .. pack('>BI2c0', tag, #bytes, bytes) .. sub(raw, after)
end

-- The sections of a record and their `fixed` parts, or nil where it cannot be read. A missing record opens empty.
function record.open(raw, of)
  if not raw then
    local _, flags, changes, a, b, c, d, e = parse(of.parts, record.ZEROS)
    return {flags = flags, changes = changes, fixed = {a, b, c, d, e}, extras = '', '', '', '', '', ''}
  end
  local at = of.fixed + 1
  if string.byte(raw) ~= VERSION or #raw < at - 1 + 2 * of.sections then return nil end
  local _, flags, changes, a, b, c, d, e = parse(of.parts, raw)
  local fixed = {a, b, c, d, e}
  if of.sections == 3 then return three(raw, at, flags, changes, fixed) end
  return five(raw, at, flags, changes, fixed)
end

-- Of an account that is stopped: it earns and spends nothing. wallet/freeze.lua sets it.
function record.is_frozen(account)
  return account.flags % 2 == record.FROZEN_FLAG
end

function record.seal(opened, of)
  local f, a, b, c, d, e = opened.fixed, opened[1], opened[2], opened[3], opened[4], opened[5]
  if of.sections == 3 then
    return pack(SEAL_THREE, VERSION, opened.flags, opened.changes, f[1], f[2], #a, #b, #c, a, b, c)
  end
  local sealed = pack(SEAL_FIVE, VERSION, opened.flags, opened.changes, f[1], f[2], f[3], f[4], f[5], #a, #b, #c, #d, #e,
    a, b, c, d, e)
  return opened.extras == '' and sealed or sealed .. opened.extras
end
