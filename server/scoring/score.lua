-- Scores the actions of up to 50 viewers of one partition, whatever rooms they are in.
--@include "./lua/fragments.lua"
local OK, UNREADABLE, EXPIRED, ENDED = 0, 1, 2, 3

if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end

local now = time.now(A.now_ms)
local platform = {
  day = A.day, day_ends = A.day_ends_ms, next_day_ends = A.next_day_ends_ms, daily_points = A.daily_points,
  budget = {left = A.allowance >= 0 and A.allowance or nil, whole = A.whole == 1},
}

local contexts, ended = {}, {}
do
  local count, at = struct.unpack('>B', A.contexts)
  for i = 1, count do
    local length
    length, at = struct.unpack('>I2', A.contexts, at)
    contexts[i] = earn.context(string.sub(A.contexts, at, at + length - 1))
    at = at + length
    ended[i] = redis.call('SISMEMBER', K.ended, contexts[i].live) == 1
  end
end

-- Read all.
local wanted = {}
for i = 1, E.n do
  wanted[2 * i - 1] = E.account(i)
  wanted[2 * i] = E.visit(i)
end
local raw = redis.call('MGET', unpack(wanted))

-- Compute all.
local changed, answers, entries = {}, {}, {}
local spendable, session_points = 0, 0
for i = 1, E.n do
  local work = E.work(i)
  local number, ctx_index, start, nonce, personal, commands, at = struct.unpack('>I6BI6I4I2B', work)
  local ctx = contexts[ctx_index]
  local v = earn.open(raw[2 * i - 1], raw[2 * i], now, platform)
  local session = v and sessions.enter(v.sessions, start, nonce)
  local status = not v and UNREADABLE or ended[ctx_index] and ENDED or not session and EXPIRED or OK
  if status ~= OK then
    answers[i] = string.char(status)
  else
    v.number, v.personal, v.session_nonce = number, personal, nonce
    earn.turn(v, ctx)
    local outcomes, applied = '', false
    for c = 1, commands do
      local seq, action, units, p1, p2, refused
      seq, action, units, p1, p2, refused, at = struct.unpack('>I4BI4I4I4B', work, at)
      local state = sessions.state(session, seq)
      outcomes = outcomes .. string.char(state)
      if state == 0 then
        sessions.mark(session, seq)
        earn.apply(v, ctx, {seq = seq, action = action, units = units, p1 = p1, p2 = p2, refused = refused})
        applied = true
      end
    end
    local entry = ''
    if applied then
      session.used, session.gateway = now, A.gateway
      local account, visit = earn.seal(v)
      changed[#changed + 1] = {
        i = i, number = number, account = account, visit = visit, ttl_ms = ctx.visit_ttl_ms, fresh = v.fresh, holds = v.holds,
      }
      spendable, session_points = spendable + v.spendable, session_points + v.session
      entry = earn.entry(v, ctx)
      entries[#entries + 1] = entry
    end
    local warmed, by = 0, ''
    for action, weight in pairs(v.heat_by) do warmed, by = warmed + 1, by .. struct.pack('>BI4', action, weight) end
    answers[i] = string.char(OK, commands) .. outcomes .. earn.state(v, session, ctx.issuer) .. struct.pack('>I4B', v.heat, warmed)
      .. by .. earn.elsewhere(v, A.gateway) .. entry
  end
end

--@commit
-- Write all. Nothing from here on may fail: Redis does not roll back.
for _, v in ipairs(changed) do
  redis.call('SET', E.account(v.i), v.account)
  redis.call('SET', E.visit(v.i), v.visit, 'PX', v.ttl_ms)
  if v.fresh then redis.call('SADD', K.accounts, v.number) end
  if v.holds then redis.call('SADD', E.holders(v.i), v.number) end
end
if #entries > 0 then
  redis.call('XADD', K.journal, '*', 'e', struct.pack('>BI6I2', earn.JOURNAL_VERSION, now, #entries) .. table.concat(entries))
end
if spendable + session_points > 0 then
  redis.call('HINCRBY', K.totals, 'issued', spendable + session_points)
  if spendable > 0 then redis.call('HINCRBY', K.totals, 'spendable', spendable) end
  if session_points > 0 then redis.call('HINCRBY', K.totals, 'session', session_points) end
end
return reply.scored(now, platform.budget.left or -1, answers)
