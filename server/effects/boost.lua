-- A day pass: until the account's day ends the rung above counts. Growth and rung stay as they are.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/record.lua"
--@include "../tiers/lua/growth.lua"
--@include "../wallet/lua/kept.lua"
--@include "./lua/acts.lua"
local GROWTH = 3
local now = time.now(A.now_ms)
local seen = acts.check(K.act)
if seen then return reply.seen(seen) end
local raw = redis.call('GET', K.account)
local account = record.open(raw, record.ACCOUNT)
if not raw or not account then return reply.unreadable() end
local ladders = growth.read(account[GROWTH], account.fixed[GROWTH])
local rung = growth.on(ladders, growth.PLATFORM).rung
if rung + 1 >= A.rungs or growth.boost(ladders, now) > 0 then return reply.not_on_sale() end
local ends = now < A.day_ends_ms and A.day_ends_ms or A.next_day_ends_ms
growth.set_boost(ladders, 1, ends)
account[GROWTH], account.fixed[GROWTH] = growth.write(ladders)
local sealed = record.seal(account, record.ACCOUNT)
local element = kept.element(now, A.account, kept.PASS, '', {'rungs', 1, 'until', ends})

--@commit
acts.commit(K.act, 'done')
redis.call('SET', K.account, sealed)
redis.call('XADD', K.journal, '*', 'e', element)
return reply.boosted(ends)
