-- What an account has beside points, journalled with the change of it, so that it can be rebuilt: fields of one hash,
-- as they are from now on; without fields the hash is gone.
-- Element: 6, time, 1, account, kind, key, count of fields, then (name, length as two bytes, value) each.
local kept = {VERSION = 6, INVITE = 1, ORDER = 2, PASS = 3, OWNED = 4, NOTE = 5}

function kept.element(now, account, kind, key, fields)
  local parts = {
    struct.pack('>BI6I2I6B', kept.VERSION, now, 1, account, kind), string.char(#key), key, string.char(#fields / 2),
  }
  for i = 1, #fields, 2 do
    local name, value = fields[i], fields[i + 1]
    if type(value) == 'number' then value = string.format('%.0f', value) end
    parts[#parts + 1] = string.char(#name) .. name .. struct.pack('>I2', #value) .. value
  end
  return table.concat(parts)
end
