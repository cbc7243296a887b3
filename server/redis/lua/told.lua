-- What a module tells the archive: an element of the journal without its time, which stands behind its first byte.
--@include "time.lua"
local told = {}

function told.element(raw, now_ms)
  return string.sub(raw, 1, 1) .. struct.pack('>I6', time.now(now_ms)) .. string.sub(raw, 2)
end
