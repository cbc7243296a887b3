-- Scores the actions of up to 100 viewers of one partition, whatever rooms they are in.
--@include "./lua/fragments.lua"
local OK, UNREADABLE, EXPIRED, ENDED = 0, 1, 2, 3

if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end

local now = time.now(A.now_ms)
-- What may be paid here may be another's by now.
if now > A.allowance_until_ms then return reply.busy() end
local days = {day = A.day, ends = A.day_ends_ms, next_ends = A.next_day_ends_ms}
local budget = calls.budget(A.allowance, A.whole, A.budget_reason)
local call = calls.begin(now, days, A.daily_points, budget)
call.gateway = A.gateway

local contexts = {}
do
  local count, at = struct.unpack('>B', A.contexts)
  for i = 1, count do
    local length
    length, at = struct.unpack('>I2', A.contexts, at)
    contexts[i] = rooms.read(string.sub(A.contexts, at, at + length - 1), now)
    at = at + length
    contexts[i].ended = redis.call('SISMEMBER', K.ended, contexts[i].live) == 1
  end
end

-- Read all.
local record_keys = {}
for i = 1, E.n do
  record_keys[2 * i - 1] = E.account(i)
  record_keys[2 * i] = E.visit(i)
end
local raw = redis.call('MGET', unpack(record_keys))

-- Compute all. The work of each viewer: a head that ends with the number of commands, then these.
local WORK_HEAD_BYTES, COMMAND_BYTES = 20, 18
local works, from = A.works, 1
-- Of each viewer four answers: how it went, the account, the visit, and the journal entry where something was applied.
local answers, entries = {}, {}
local ttl, fresh, holds, kept = {}, {}, {}, {}
local spendable, session_points = 0, 0

-- What quick.lua does not do, for the i-th viewer, whose work begins at `from`. Answers the head, and the rest where anything
-- was applied.
local function thoroughly(i, from, account_raw, visit_raw)
  local number, context, start, nonce, personal, commands, at = struct.unpack('>I6BI6I4I2B', works, from)
  local ctx = contexts[context]
  local v = viewers.open(account_raw, visit_raw, call)
  local session = v and sessions.enter(v.sessions, start, nonce)
  local status = not v and UNREADABLE or ctx.ended and ENDED or not session and EXPIRED or OK
  if status ~= OK then return string.char(status) end
  v.number, v.personal, v.session_nonce = number, personal, nonce
  viewers.turn(v, ctx)
  local outcomes, applied = '', false
  for _ = 1, commands do
    local seq, action, units, p1, p2, refused
    seq, action, units, p1, p2, refused, at = struct.unpack('>I4BI4I4I4B', works, at)
    local state = sessions.state(session, seq)
    outcomes = outcomes .. string.char(state)
    if state == 0 then
      sessions.mark(session, seq)
      earn.apply(v, ctx, {seq = seq, action = action, units = units, p1 = p1, p2 = p2, refused = refused})
      applied = true
    end
  end
  local warmed, by = 0, ''
  for action, weight in pairs(v.heat_by) do warmed, by = warmed + 1, by .. struct.pack('>BI4', action, weight) end
  local head = string.char(OK, commands) .. outcomes .. struct.pack('>I4B', v.heat, warmed) .. by
  if not applied then return head end
  session.used, session.gateway = now, A.gateway
  kept[#kept + 1] = v.kept
  ttl[i], fresh[i], holds[i] = ctx.visit_ttl_ms, v.fresh and number, v.holds and number
  spendable, session_points = spendable + v.spendable, session_points + v.session
  local account, visit = viewers.seal(v)
  return head, account, visit, viewers.entry(v, ctx)
end

for i = 1, E.n do
  local account_raw, visit_raw = raw[2 * i - 1], raw[2 * i]
  local head, account, visit, entry, points, of_session, kept_ms =
    quick.score(call, contexts, works, from, account_raw, visit_raw)
  if not head then
    head, account, visit, entry = thoroughly(i, from, account_raw, visit_raw)
  else
    ttl[i] = kept_ms
    spendable, session_points = spendable + points, session_points + of_session
  end
  from = from + WORK_HEAD_BYTES + COMMAND_BYTES * string.byte(works, from + WORK_HEAD_BYTES - 1)
  if entry then entries[#entries + 1] = entry end
  local at = 4 * i
  answers[at - 3], answers[at - 2], answers[at - 1], answers[at] = head, account or account_raw or '', visit or visit_raw or '', entry or ''
end

--@commit
-- Write all. Nothing from here on may fail: Redis does not roll back.
local accounts = {}
for i = 1, E.n do
  if answers[4 * i] ~= '' then
    accounts[#accounts + 1], accounts[#accounts + 2] = record_keys[2 * i - 1], answers[4 * i - 2]
    if ttl[i] then
      redis.call('SET', record_keys[2 * i], answers[4 * i - 1], 'PX', ttl[i])
    elseif #answers[4 * i - 1] == #raw[2 * i] then
      -- As long as it was, and kept as long: in place, which is cheaper.
      redis.call('SETRANGE', record_keys[2 * i], '0', answers[4 * i - 1])
    else
      redis.call('SET', record_keys[2 * i], answers[4 * i - 1], 'KEEPTTL')
    end
    if fresh[i] then redis.call('SADD', K.accounts, fresh[i]) end
    if holds[i] then redis.call('SADD', E.holders(i), holds[i]) end
  end
end
if #entries > 0 then
  redis.call('MSET', unpack(accounts))
  -- Before what was scored with the rung that was left.
  if #kept > 0 then redis.call('XADD', K.journal, '*', 'e', growth.element(now, kept)) end
  redis.call('XADD', K.journal, '*', 'e', struct.pack('>BI6I2', viewers.JOURNAL_VERSION, now, #entries) .. table.concat(entries))
end
if spendable + session_points > 0 then
  redis.call('HINCRBY', K.totals, 'issued', spendable + session_points)
  if spendable > 0 then redis.call('HINCRBY', K.totals, 'spendable', spendable) end
  if session_points > 0 then redis.call('HINCRBY', K.totals, 'session', session_points) end
end
return reply.scored(now, call.budget.left or -1, answers)
