-- Points put aside for something: what for, until when, and from which lots, so that they find their way back.
-- Version, state, use, flags; hash of the input (16); points, captured, refunded, deadline, time, live, at; three texts
-- (subject, by, and what settled it); lots: bucket, issuer, live, month, points, and how many of them are spent.
local holds = {VERSION = 1, OPEN = 1, CAPTURED = 2, VOIDED = 3, TRANSFER = 4, MERGE = 5, PENDING_USE = 7}

local function read_text(raw, at)
  local length = string.byte(raw, at)
  return string.sub(raw, at + 1, at + length), at + 1 + length
end

-- The hold, or nil where it is of another version.
function holds.read(raw)
  if string.byte(raw) ~= holds.VERSION then return nil end
  local h, at, count = {}, nil, nil
  local _
  _, h.state, h.use, h.flags, h.hash, h.points, h.captured, h.refunded, h.deadline, at = struct.unpack('>BBBBc16I6I6I6I6', raw)
  h.opened, h.live, h.at, at = struct.unpack('>I6I4I2', raw, at)
  h.subject, at = read_text(raw, at)
  h.by, at = read_text(raw, at)
  h.settled_by, at = read_text(raw, at)
  count, at = struct.unpack('>B', raw, at)
  for i = 1, count do
    local lot = {}
    lot.bucket, lot.issuer, lot.live, lot.month, lot.points, lot.spent, at = struct.unpack('>BI2I4I2I6I6', raw, at)
    h[i] = lot
  end
  return h
end

function holds.write(h)
  local parts = {
    struct.pack('>BBBBc16I6I6I6I6', holds.VERSION, h.state, h.use, h.flags, h.hash, h.points, h.captured, h.refunded, h.deadline),
    struct.pack('>I6I4I2', h.opened, h.live, h.at), string.char(#h.subject), h.subject, string.char(#h.by), h.by,
    string.char(#h.settled_by), h.settled_by, string.char(#h),
  }
  for _, lot in ipairs(h) do
    parts[#parts + 1] =
      struct.pack('>BI2I4I2I6I6', lot.bucket, lot.issuer, lot.live, lot.month, lot.points, lot.spent)
  end
  return table.concat(parts)
end
