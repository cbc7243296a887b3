-- Gives or takes growth without an action of the viewer, once per id. Nobody is told: who falls is not shamed, and who
-- rises by a merge had risen before.
-- Journal element: 5, time, count, then (account, change counter, cause, ladder, rungs, sign, growth, ref, subject) each.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "../wallet/lua/lots.lua"
--@include "../wallet/lua/done.lua"
--@include "../tiers/lua/growth.lua"
--@include "../tiers/lua/ways.lua"
--@include "../tasks/lua/quests.lua"
--@include "./lua/other-ways.lua"
--@include "../governance/lua/limits.lua"
local GROWTH, COUNTERS, EVER = 3, 4, 2
local FIRST_ORDER = 251

local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.done)
if raw[2] then
  local was = done.read(raw[2], A.hash)
  if not was then return reply.conflict() end
  local sign, amount, first, at = struct.unpack('>BI6B', was)
  -- Older ones do not say the rung.
  return reply.replayed(now, sign == 1 and -amount or amount, first, string.byte(was, at) or 0)
end
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
local account = record.open(raw[1], record.ACCOUNT)
if not account then return reply.unreadable() end

local ladders = growth.read(account[GROWTH], account.fixed[GROWTH])
local tier = growth.on(ladders, growth.PLATFORM)
local change, from = math.max(A.growth, -tier.growth), tier.rung
tier.growth = tier.growth + change
local by = other_ways(ways.policy(A.ways, 1, #A.thresholds / 6), account)
local reached, at = by, 1
for rung = 0, #A.thresholds / 6 - 1 do
  local threshold
  threshold, at = struct.unpack('>I6', A.thresholds, at)
  if tier.growth >= threshold then reached = math.max(reached, rung) end
end
-- Never against the change: thresholds may have risen since the rung was reached.
tier.rung = (change < 0 or A.least < 0) and math.min(tier.rung, reached) or math.max(tier.rung, reached, math.min(A.least, #A.thresholds / 6 - 1))
growth.fit_window(ladders, tier, growth.policy(A.keep, 1), now, by)
-- Whether the account has had its first order goes along, or a merged one would have two. What counts for ever stands
-- in the section alone.
local caps = limits.read(account[COUNTERS], 2)
local first = limits.used(caps[EVER], FIRST_ORDER) > 0 and 1 or 0
if A.first == 1 and first == 0 then limits.add(caps[EVER], FIRST_ORDER, 1) end
account.changes = account.changes + 1
account[GROWTH], account.fixed[GROWTH] = growth.write(ladders)
account[COUNTERS] = limits.write(caps)
local sealed = record.seal(account, record.ACCOUNT)
local sign, amount = change < 0 and 1 or 0, math.abs(change)
local entry = growth.entry(A.number, account.changes, tier,
  {cause = A.cause, from = from, change = change, ref = A.ref, subject = A.subject})
local element = growth.element(now, {entry})

--@commit
redis.call('SET', K.account, sealed)
if not raw[1] then redis.call('SADD', K.accounts, A.number) end
redis.call('SET', K.done, A.hash .. struct.pack('>BI6BB', sign, amount, first, from), 'PX', A.kept_ms)
redis.call('XADD', K.journal, '*', 'e', element)
return reply.changed(now, change, first, from)
