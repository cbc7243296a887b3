-- Adds what journal elements of one day say and moves the cursor behind them, in one step; so each counts once. Of an
-- experiment that runs the numbers of each account are added as well.
--@include "lua/study.lua"
--@include "../redis/lua/reader.lua"
if reader.moved(K.cursors, A.consumer, A.after) then return reply.moved(reader.at(K.cursors, A.consumer)) end
if reader.lost(K.journal, A.last) then return reply.gone() end
local of_day, counted = cjson.decode(A.of_day), cjson.decode(A.counted)
local used, members = cjson.decode(A.used), cjson.decode(A.members)
local sets, studies = {}, {}
for i = 1, E.n do
  local accounts = cjson.decode(E.accounts(i))
  if E.study(i) == 1 then studies[i] = study.added(E.set(i), accounts, A.study_max)
  else sets[i] = accounts end
end
local newest = math.max(A.day, tonumber(redis.call('HGET', K.counted, 'day') or 0))
-- A call takes some thousand arguments and no more.
local AT_ONCE = 1000

local function add(key, accounts)
  local fresh = 0
  for from = 1, #accounts, AT_ONCE do
    fresh = fresh + redis.call('SADD', key, unpack(accounts, from, math.min(from + AT_ONCE - 1, #accounts)))
  end
  return fresh
end

local function count(key, field, by)
  if by ~= 0 then redis.call('HINCRBY', key, field, string.format('%.0f', by)) end
end

--@commit
for i = 1, E.n do
  if sets[i] then
    add(E.set(i), sets[i])
    redis.call('PEXPIRE', E.set(i), A.kept_ms)
  else
    study.keep(E.set(i), studies[i], A.study_ms)
  end
end
local new_used, new_members = add(K.used, used), add(K.members, members)
count(K.counted, 'used', new_used)
count(K.tally, '+used', new_used)
count(K.counted, 'members', new_members)
count(K.tally, '+members', new_members)
for field, by in pairs(counted) do
  count(K.counted, field, by)
  count(K.tally, '+' .. field, by)
end
for field, by in pairs(of_day) do count(K.tally, field, by) end
redis.call('PEXPIRE', K.tally, A.kept_ms)
redis.call('HSETNX', K.counted, 'first', A.day)
redis.call('HSET', K.counted, 'at', A.at_ms, 'day', newest)
reader.commit(K.cursors, A.consumer, A.last)
return reply.counted()
