-- Gives places of a task in the order of arrival; who has one keeps it. A rank above 0 is a place, 0 is full,
-- -1 is too late or no such task.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "./lua/runs.lua"
local CLAIMS_MS = 172800000
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local task = runs.check_one(K.runs, A.task)
if task and (task.kind == 'campaign' or h.now > task.ends + runs.LATE_MS) then task = nil end

local accounts, ranks, known, given = {}, {}, {}, {}
for i = 1, E.n do accounts[i] = E.account(i) end
for i, rank in ipairs(redis.call('HMGET', K.claims, unpack(accounts))) do
  if rank then known[accounts[i]] = tonumber(rank) end
end
local taken = tonumber(redis.call('HGET', K.won, A.task) or 0)
local first = taken
for i, account in ipairs(accounts) do
  if known[account] then
    ranks[i] = known[account]
  elseif not task or E.reached_ms(i) > task.ends then
    ranks[i] = -1
  elseif task.places > 0 and taken >= task.places then
    ranks[i] = 0
  else
    taken = taken + 1
    known[account], ranks[i] = taken, taken
    given[#given + 1] = account
    given[#given + 1] = taken
  end
end
if taken == first then return reply.ok(h.now, ranks) end

--@commit
redis.call('HSET', K.claims, unpack(given))
redis.call('PEXPIRE', K.claims, CLAIMS_MS)
redis.call('HSET', K.won, A.task, taken)
return reply.ok(h.now, ranks)
