-- Ends a hold: captures all or part of it, or gives it back; or returns what a captured one spent.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/done.lua"
--@include "./lua/months.lua"
--@include "./lua/holds.lua"
local CAPTURE, VOID, REFUND = 1, 2, 3
local UNKNOWN, RUNS = 0, 1
local CAPTURED, VOIDED, LAPSED, REFUNDED, SENT, DUE, DROPPED, MERGED_OUT = 3, 4, 5, 6, 13, 17, 18, 19
-- Partitions remember for 48 h that a live has ended; about that of an older hold only its room can say whether it runs.
local ENDED_KNOWN_MS = 169200000
-- What was spent can come back for as long as an order can be refunded, and some weeks.
local SPENT_KEPT_MS = 34560000000

local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.hold, K.done)
if not raw[2] then return reply.missing() end
local h = holds.read(raw[2])
if not h then return reply.unreadable() end
local pending = h.use == holds.PENDING_USE

if A.act == REFUND then
  if raw[3] then
    return done.read(raw[3], A.hash) and reply.replayed(now, raw[2]) or reply.conflict()
  end
  if h.state ~= holds.CAPTURED or pending then return reply.closed() end
elseif h.state ~= holds.OPEN then
  local same = h.settled_by == A.op and h.state == (A.act == CAPTURE and holds.CAPTURED or holds.VOIDED)
  if same and (A.act == VOID or A.points == 0 or A.points == h.captured) then return reply.replayed(now, raw[2]) end
  return reply.closed()
elseif A.act == CAPTURE and A.late == 0 and now > h.deadline then
  return reply.expired()
elseif A.lapsed == 1 and now <= h.deadline then
  return reply.early()
end
local points = A.points
if A.act == VOID then
  points = 0
elseif A.act == CAPTURE then
  if points == 0 then points = h.points end
  if points > h.points then return reply.more(h.points) end
else
  if points == 0 then points = h.captured - h.refunded end
  if points == 0 or points > h.captured - h.refunded then return reply.more(h.captured - h.refunded) end
end
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
local p = purse.open(raw[1], A.number, {
  account_key = K.account, accounts_key = K.accounts, journal_key = K.journal, totals_key = K.totals,
})
if not p then return reply.unreadable() end

local month = months.now(now, A.month, A.month_ends_ms)
local grace = A.grace_months > 0 and month + A.grace_months + 1 or 0
local ended = h.live > 0 and redis.call('SISMEMBER', K.ended, h.live) == 1
if h.live > 0 and not ended and now - h.opened > ENDED_KNOWN_MS then
  if A.runs == UNKNOWN then return reply.asks(h.live) end
  ended = A.runs ~= RUNS
end

-- Points come back to their lot. Those of a live that has ended expire; others that expired meanwhile get the grace,
-- where there is one. A frozen account loses nothing: what its grace is, is for the day it is let go on.
local function back(from, lot, amount)
  if lot.bucket == purse.SESSION then
    local to = ended and purse.EXPIRED or p.frozen and purse.FROZEN or purse.SESSION
    return purse.move(p, from, to, lot, amount, lot.month)
  end
  if p.frozen then return purse.move(p, from, purse.FROZEN, lot, amount, lot.month) end
  local gone = months.gone(lot.month, month)
  if gone and grace == 0 then return purse.move(p, from, purse.EXPIRED, lot, amount, lot.month) end
  purse.move(p, from, purse.SPENDABLE, lot, amount, gone and grace or lot.month)
end

local owed = {}
local function owe(lot, amount)
  local field = lot.issuer .. ':' .. h.at
  owed[field] = (owed[field] or 0) + amount
end

local cause, left = nil, points
if pending then
  cause = A.act == CAPTURE and DUE or DROPPED
  for _, lot in ipairs(h) do
    local due = math.min(left, lot.points)
    local to = p.frozen and purse.FROZEN or months.gone(lot.month, month) and purse.EXPIRED or purse.SPENDABLE
    purse.move(p, purse.PENDING, to, lot, due, lot.month)
    purse.move(p, purse.PENDING, purse.REVOKED, lot, lot.points - due, lot.month)
    lot.spent, left = due, left - due
  end
elseif A.act == REFUND then
  cause = REFUNDED
  -- What paid last comes back first: it is what lasts longest.
  for i = #h, 1, -1 do
    local lot = h[i]
    local amount = math.min(left, lot.spent)
    if amount > 0 then
      back(purse.SPENT, lot, amount)
      owe(lot, -amount)
      lot.spent, left = lot.spent - amount, left - amount
    end
  end
else
  local to = purse.SPENT
  cause = A.act == CAPTURE and CAPTURED or A.lapsed == 1 and LAPSED or VOIDED
  if h.use == holds.TRANSFER or h.use == holds.MERGE then
    to = purse.GIVEN
    if A.act == CAPTURE then cause = h.use == holds.MERGE and MERGED_OUT or SENT end
  end
  for _, lot in ipairs(h) do
    local amount = math.min(left, lot.points)
    if amount > 0 then
      purse.move(p, purse.HELD, to, lot, amount, lot.month)
      if to == purse.SPENT then owe(lot, amount) end
      lot.spent, left = amount, left - amount
    end
    if lot.points > amount then back(purse.HELD, lot, lot.points - amount) end
  end
end
if A.act == REFUND then
  h.refunded = h.refunded + points
else
  h.state = A.act == CAPTURE and holds.CAPTURED or holds.VOIDED
  h.captured, h.settled_by = points, A.op
end
local sealed = purse.seal(p)
local entry = purse.entry(p, {
  cause = cause, use = h.use, at = h.at, live = h.live, ref = A.id, subject = h.subject, by = A.by,
})
local packed = holds.write(h)

--@commit
redis.call('SET', K.hold, packed, 'PX', h.captured > 0 and SPENT_KEPT_MS or done.KEPT_MS)
if A.act == REFUND then
  done.commit(K.done, A.hash, '')
else
  redis.call('ZREM', K.holds, A.member)
  redis.call('SREM', K.open, A.id)
end
for field, amount in pairs(owed) do redis.call('HINCRBY', K.settlement, field, amount) end
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.settled(now, packed, entry)
