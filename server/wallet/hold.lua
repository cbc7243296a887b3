-- Puts points aside, once per id.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/done.lua"
--@include "./lua/months.lua"
--@include "./lua/choose.lua"
--@include "./lua/holds.lua"
local HELD_CAUSE = 2
local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.hold)
if raw[2] then
  local known = holds.read(raw[2])
  if not known then return reply.unreadable() end
  if not done.is_same(known.hash, A.hash) then return reply.conflict() end
  return reply.replayed(now, raw[2])
end
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
local p = purse.open(raw[1], A.number, {
  account_key = K.account, accounts_key = K.accounts, journal_key = K.journal, totals_key = K.totals,
})
if not p then return reply.unreadable() end
if p.frozen then return reply.frozen() end
if redis.call('SCARD', K.open) >= A.open_max then return reply.many() end

local live = A.live
if live > 0 and redis.call('SISMEMBER', K.ended, live) == 1 then live = 0 end
local parts, there, elsewhere = choose.parts(p, {
  points = A.points, pay = A.pay, live = live, month = months.now(now, A.month, A.month_ends_ms), order = A.order, at = A.at,
  issuers = choose.issuers(A.issuers),
})
if not parts then return reply.short(there, elsewhere) end

local h = {
  state = holds.OPEN, use = A.use, flags = 0, hash = A.hash, points = A.points, captured = 0, refunded = 0,
  deadline = now + A.for_ms, opened = now, live = A.live, at = A.at, subject = A.subject, by = A.by, settled_by = '',
}
for i, part in ipairs(parts) do
  h[i] = part
  purse.move(p, part.bucket, purse.HELD, part, part.points, part.month)
end
local sealed = purse.seal(p)
local entry = purse.entry(p, {
  cause = HELD_CAUSE, use = A.use, at = A.at, live = A.live, deadline = h.deadline, ref = A.id, subject = A.subject, by = A.by,
})
local packed = holds.write(h)

--@commit
redis.call('SET', K.hold, packed)
redis.call('ZADD', K.holds, h.deadline, A.member)
redis.call('SADD', K.open, A.id)
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.held(now, packed, entry)
