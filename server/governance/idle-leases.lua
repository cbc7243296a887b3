-- Who has not been heard of for so long that it pays nothing any more, and what all others have said they paid.
--@include "../redis/lua/time.lua"
--@include "./lua/issuance.lua"
local now = time.now(A.now_ms)
local state, rows = issuance.read(K.issuance)
local idle = {}
for name, row in pairs(rows) do
  if row.ends + A.margin_ms < now then idle[#idle + 1] = name end
end
if #idle == 0 and tonumber(state.gone or 0) == 0 then return reply.none() end
local beside = tonumber(state.beside or 0)
for name, points in pairs(state) do
  if string.sub(name, 1, 2) == 'i:' then beside = beside + tonumber(points) end
end
return reply.some(tonumber(state.base or 0), tonumber(state.paid or 0), beside, idle)
