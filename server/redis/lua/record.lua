-- Packed records: a version byte, flags, a change counter, and the sections of the modules that share the record.
-- A module reads and writes its own section only, so no module needs to know another's layout.
-- An account: client sessions, wallet, growth, day counters, attention.
local record = {ACCOUNT_VERSION = 1, ACCOUNT_SECTIONS = 5, WALLET = 2}

-- The sections of a record, or nil where it cannot be read. A missing record opens empty.
function record.open(raw, version, sections)
  if not raw then
    local fresh = {flags = 0, changes = 0}
    for i = 1, sections do fresh[i] = '' end
    return fresh
  end
  local head = 8 + 2 * sections
  if #raw < head or string.byte(raw) ~= version then return nil end
  local _, flags, changes = struct.unpack('>BBI6', raw)
  local opened, at = {flags = flags, changes = changes}, head + 1
  for i = 1, sections do
    local length = struct.unpack('>I2', raw, 7 + 2 * i)
    opened[i] = string.sub(raw, at, at + length - 1)
    at = at + length
  end
  if at ~= #raw + 1 then return nil end
  return opened
end

function record.seal(opened, version, sections)
  local parts = {struct.pack('>BBI6', version, opened.flags, opened.changes)}
  for i = 1, sections do parts[1 + i] = struct.pack('>I2', #opened[i]) end
  for i = 1, sections do parts[1 + sections + i] = opened[i] end
  return table.concat(parts)
end
