-- The records of accounts and of their visits, where they can be read.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
local wanted = {}
for i = 1, E.n do
  wanted[2 * i - 1], wanted[2 * i] = E.account(i), E.visit(i)
end
local raw = redis.call('MGET', unpack(wanted))
-- Four values each: the time, whether they can be read, and the two records.
local records = {}
for i = 1, E.n do
  local account, visit = raw[2 * i - 1], raw[2 * i]
  local readable = record.open(account, record.ACCOUNT) and record.open(visit, record.VISIT)
  local at = 4 * i - 3
  records[at], records[at + 1] = time.now(E.now_ms(i)), readable and 1 or 0
  records[at + 2], records[at + 3] = account or '', visit or ''
end
return reply.read(records)
