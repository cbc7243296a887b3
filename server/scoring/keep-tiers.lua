-- Decides for up to 200 accounts of a partition, most of them away, whether they keep their rung: who gathered too little is
-- warned, and later falls one rung. Once each, because the window that the record holds says what was done.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "../wallet/lua/lots.lua"
--@include "../tiers/lua/growth.lua"
--@include "../tiers/lua/ways.lua"
--@include "../tasks/lua/quests.lua"
--@include "./lua/other-ways.lua"
local GROWTH = 3
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end

local now = time.now(A.now_ms)
local policy = growth.policy(A.keep, 1)
local thresholds, at = {}, 1
for i = 1, #A.thresholds / 6 do thresholds[i], at = struct.unpack('>I6', A.thresholds, at) end

local others = ways.policy(A.ways, 1, #thresholds)
local wanted = {}
for i = 1, E.n do wanted[i] = E.account(i) end
local raw = redis.call('MGET', unpack(wanted))
local changed, entries, told = {}, {}, {}
for i = 1, E.n do
  local account = raw[i] and record.open(raw[i], record.ACCOUNT)
  local ladders = account and growth.read(account[GROWTH], account.fixed[GROWTH])
  local tier = ladders and growth.on(ladders, growth.PLATFORM)
  if tier and tier.rung > 0 then
    local entry = growth.decide(ladders, tier, {
      thresholds = thresholds, policy = policy, now = now, account = account, number = E.number(i),
      by = other_ways(others, account),
    })
    account[GROWTH], account.fixed[GROWTH] = growth.write(ladders)
    local sealed = record.seal(account, record.ACCOUNT)
    if sealed ~= raw[i] then
      changed[#changed + 1], changed[#changed + 2] = wanted[i], sealed
    end
    if entry then
      entries[#entries + 1], told[#told + 1] = entry, E.number(i)
    end
  end
end

--@commit
if #changed > 0 then redis.call('MSET', unpack(changed)) end
if #entries > 0 then redis.call('XADD', K.journal, '*', 'e', growth.element(now, entries)) end
return reply.kept(told)
