-- Gives back what those who are gone had leased and did not pay. `most` is what they can have paid at most, all that ever
-- went: by all awards that there are, less what the others said before those were summed.
--@include "../redis/lua/time.lua"
--@include "./lua/issuance.lua"
local now = time.now(A.now_ms)
local state, rows = issuance.read(K.issuance)
local was, fields = tonumber(state.gone or 0), {}
for i = 1, E.n do
  local row = rows[E.incarnation(i)]
  -- Who came back meanwhile keeps what it has.
  if row and row.ends + A.margin_ms < now then
    was, fields[#fields + 1] = was + row.leased - row.paid, 'p:' .. E.incarnation(i)
  end
end
local gone = math.min(was, A.most)
--@commit
if #fields > 0 then redis.call('HDEL', K.issuance, unpack(fields)) end
redis.call('HSET', K.issuance, 'gone', gone)
return reply.freed(was - gone)
