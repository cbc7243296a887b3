-- Reminds an account of something that ends: an entry without moves, once per id.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/done.lua"

local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.done)
if raw[2] then return reply.replayed(now, raw[2]) end
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
local p = purse.open(raw[1], A.number, {
  account_key = K.account, accounts_key = K.accounts, journal_key = K.journal, totals_key = K.totals,
})
if not p then return reply.unreadable() end
local sealed = purse.seal(p)
local entry = purse.entry(p, {
  cause = A.cause, at = A.at, deadline = A.until_ms, ref = A.ref, subject = A.subject,
})

--@commit
redis.call('SET', K.done, entry, 'PX', done.KEPT_MS)
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.reminded(now, entry)
