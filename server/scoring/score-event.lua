-- Scores one thing a server vouches for (a purchase, a follow, a place in a task), once per id.
--@include "./lua/fragments.lua"
--@include "../wallet/lua/kept.lua"
local now = time.now(A.now_ms)
local days = {day = A.day, ends = A.day_ends_ms, next_ends = A.next_day_ends_ms}
local budget = calls.budget(A.allowance, A.whole, A.budget_reason)
local call = calls.begin(now, days, A.daily_points, budget)
local ctx = rooms.read(A.context, now)
local HASH_LENGTH = 16
local PURCHASE = 13

local raw = redis.call('MGET', K.account, K.visit, K.once)
local v = viewers.open(raw[1], raw[2], call)
if not v then return reply.unreadable() end
v.number, v.personal, v.session_nonce = A.account, A.personal, 0
viewers.turn(v, ctx)

if raw[3] then
  if string.sub(raw[3], 1, HASH_LENGTH) ~= A.hash then return reply.conflict() end
  return reply.replayed(now, raw[1] or '', raw[2] or '', string.sub(raw[3], HASH_LENGTH + 1))
end
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
-- What may be paid here may be another's by now.
if now > A.allowance_until_ms then return reply.busy() end

local back = {points = 0, growth = 0}
local act = {seq = 0, action = A.action, units = A.units, p1 = A.category, p2 = 0, refused = 0}
if A.task > 0 then
  -- The place was decided in the room; here it is only paid, also when the live is over by now. Of what it promised the
  -- part is not paid that belongs to money which was given back before.
  local rank = A.rank
  if A.order == 1 then
    local was = redis.call('HMGET', K.order, 'fen', 'refunded')
    local fen, refunded = tonumber(was[1] or 1), tonumber(was[2] or 0)
    if refunded >= fen then rank = 0 end
    back = {points = math.floor(A.points * refunded / fen), growth = math.floor(A.growth * refunded / fen)}
  end
  local t = progress.of(v.tasks, A.task)
  if t then t.state, t.rank = rank > 0 and 2 or 3, rank end
  if rank > 0 then
    awards.grant(v, ctx, act, {task = A.task, points = A.points - back.points, growth = A.growth - back.growth})
  else
    earn.decline(v, act, A.task)
  end
else
  if ctx.live > 0 and redis.call('SISMEMBER', K.ended, ctx.live) == 1 then return reply.ended() end
  if A.action == PURCHASE then
    earn.first_order(v, ctx, act, A.first_order)
  else
    earn.apply(v, ctx, act)
  end
end
local account, visit = viewers.seal(v)
local entry = viewers.entry(v, ctx)
local order, ordered
if A.order == 1 then
  -- What a refund will have to take back; growth that was promised to stay is none of it.
  local known = redis.call('HMGET', K.order, 'points', 'growth')
  local points, grown = v.spendable + v.session + back.points, v.grown + back.growth
  order = {'points', (known[1] or 0) + points, 'growth', (known[2] or 0) + grown * A.take_growth}
  if A.action == PURCHASE then order[5], order[6], order[7], order[8] = 'fen', A.units, 'issuer', ctx.issuer end
  ordered = kept.element(now, A.account, kept.ORDER, A.order_name, order)
end

--@commit
redis.call('SET', K.account, account)
redis.call('SET', K.visit, visit, 'PX', ctx.visit_ttl_ms)
redis.call('SET', K.once, A.hash .. entry, 'PX', A.once_ms)
if order then
  redis.call('HSET', K.order, unpack(order))
  redis.call('PEXPIRE', K.order, A.once_ms)
  for _, claim in ipairs(v.claims or {}) do
    redis.call('HSET', K.task_orders, (struct.unpack('>I4', claim)), A.order_name)
    redis.call('PEXPIRE', K.task_orders, ctx.visit_ttl_ms)
  end
end
if v.fresh then redis.call('SADD', K.accounts, v.number) end
if v.holds then redis.call('SADD', K.holders, v.number) end
if v.kept then redis.call('XADD', K.journal, '*', 'e', growth.element(now, {v.kept})) end
redis.call('XADD', K.journal, '*', 'e', struct.pack('>BI6I2', viewers.JOURNAL_VERSION, now, 1) .. entry)
if ordered then redis.call('XADD', K.journal, '*', 'e', ordered) end
if v.spendable + v.session > 0 then
  redis.call('HINCRBY', K.totals, 'issued', v.spendable + v.session)
  if v.spendable > 0 then redis.call('HINCRBY', K.totals, 'spendable', v.spendable) end
  if v.session > 0 then redis.call('HINCRBY', K.totals, 'session', v.session) end
end
return reply.applied(now, account, visit, entry)
