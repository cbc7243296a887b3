-- A process says what it has paid and takes points to pay next. All it says is absolute, so that a call may be lost,
-- answered late or done twice.
--@include "../redis/lua/time.lua"
--@include "./lua/issuance.lua"
local UNLIMITED = -1

local now = time.now(A.now_ms)
local day, first = A.day, A.first
if now >= A.day_ends_ms then day, first = A.day + 1, A.next_first end

local state, rows = issuance.read(K.issuance)
if not state.base then return reply.unready() end
local own = rows[A.incarnation]
-- It was not heard of for so long that somebody has counted what it left.
if not own and A.sequence > 1 then return reply.forgotten() end

local late = own ~= nil and own.sequence >= A.sequence
local sequence, leased, paid = A.sequence, A.paid, A.paid
if late then sequence, leased, paid = own.sequence, own.leased, own.paid end
local fresh = paid - (own and own.paid or 0)
local gone = tonumber(state.gone or 0)

local others, processes = 0, 1
for name, row in pairs(rows) do
  if name ~= A.incarnation then
    others = others + row.leased - row.paid
    if row.ends >= now then processes = processes + 1 end
  end
end

-- From the first report of sales on, once whoever did not hear of it may not pay any more.
local binds = A.bps > 0 and state.binds ~= nil
local issued, past = issuance.sum(K.issued, first, A.oldest)
local sold = issuance.sum(K.sales, first, A.oldest)
local used, most = issued + fresh + gone, UNLIMITED
if binds and now >= tonumber(state.binds) then most = issuance.cap(sold, A.bps, A.point_fen) end

-- What was leased here and is not on record any more cannot be kept, unless it may have been paid.
local kept = paid + A.unknown
if not late then leased = math.max(kept, math.min(A.leased, own and own.leased or 0)) end
local left = UNLIMITED
if most == UNLIMITED then
  leased = math.max(leased, kept + A.want)
else
  local free = math.max(0, most - used - others - (leased - paid))
  if not late then
    local share = math.max(A.need, math.floor(free / (2 * processes)))
    local more = math.min(math.max(0, A.want - (leased - kept)), share, free)
    leased, free = leased + more, free - more
  end
  left = free
end
local level = 0
for _, source in ipairs({'operator', 'alarm'}) do
  level = math.max(level, tonumber(string.match(state[source] or '', '^%d+') or 0))
end
local ends = now + (binds and A.life_ms or A.unbound_life_ms)
-- Whoever leaves gets no longer life, but calls of it without an answer may still pay for as long as the one it had.
if A.ends == 1 then ends = own and own.ends or now end

--@commit
if #past > 0 then redis.call('HDEL', K.issued, unpack(past)) end
if fresh > 0 then
  redis.call('HINCRBY', K.issued, day, fresh)
  redis.call('HINCRBY', K.issuance, 'paid', fresh)
end
if A.beside > 0 and not late then redis.call('HINCRBY', K.issuance, 'beside', A.beside) end
if A.ends == 1 and leased == paid then
  redis.call('HDEL', K.issuance, 'p:' .. A.incarnation)
else
  redis.call('HSET', K.issuance, 'p:' .. A.incarnation, string.format('%.0f %.0f %.0f %.0f', sequence, leased, paid, ends))
end
return reply.ok(leased, left, now, ends, binds and 1 or 0, used, most, level)
