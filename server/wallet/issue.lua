-- Gives points, once per id: to spend at once, or pending until they are due.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/done.lua"
--@include "./lua/months.lua"
--@include "./lua/holds.lua"
local PENDING_CAUSE = 16

local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.done)
if raw[2] then
  local entry = done.read(raw[2], A.hash)
  return entry and reply.replayed(now, entry) or reply.conflict()
end
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
-- What may be issued here may be another's by now.
if now > A.allowance_until_ms then return reply.busy() end
local p = purse.open(raw[1], A.number, {
  account_key = K.account, accounts_key = K.accounts, journal_key = K.journal, totals_key = K.totals,
})
if not p then return reply.unreadable() end
local pending = A.pending_ms > 0
if pending and redis.call('SCARD', K.open) >= A.open_max then return reply.many() end

local month = months.now(now, A.month, A.month_ends_ms)
local h = {
  state = holds.OPEN, use = holds.PENDING_USE, flags = 0, hash = A.hash, points = 0, captured = 0, refunded = 0,
  deadline = now + A.pending_ms, opened = now, live = 0, at = A.at, subject = A.subject, by = A.by, settled_by = '',
}
local at = 1
while at <= #A.lots do
  local lot = {live = 0, bucket = purse.SPENDABLE, spent = 0}
  lot.issuer, lot.month, lot.points, at = struct.unpack('>I2I2I6', A.lots, at)
  h[#h + 1], h.points = lot, h.points + lot.points
  local to = pending and purse.PENDING or p.frozen and purse.FROZEN or purse.SPENDABLE
  if to == purse.SPENDABLE and months.gone(lot.month, month) then to = purse.EXPIRED end
  purse.move(p, A.from, to, lot, lot.points, lot.month)
end
if h.points > A.allowance then return reply.over() end
local sealed = purse.seal(p)
local entry = purse.entry(p, {
  cause = pending and PENDING_CAUSE or A.cause, use = pending and holds.PENDING_USE or 0, at = A.at, deadline = pending and h.deadline or 0, ref = A.id,
  subject = A.subject, by = A.by,
})

--@commit
done.commit(K.done, A.hash, entry)
if pending then
  redis.call('SET', K.hold, holds.write(h))
  redis.call('ZADD', K.holds, h.deadline, A.member)
  redis.call('SADD', K.open, A.id)
end
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.issued(now, entry)
