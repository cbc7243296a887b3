-- Spending renews: of the points that are good there, those that would expire first last as long as new ones, once per
-- id. Frozen ones as well: who is stopped and pays all the same loses nothing by it.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/done.lua"
--@include "./lua/months.lua"
--@include "./lua/choose.lua"
local RENEWED_CAUSE = 12

local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.done)
if raw[2] then
  local entry = done.read(raw[2], A.hash)
  return entry and reply.replayed(now, entry) or reply.conflict()
end
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
local p = purse.open(raw[1], A.number, {
  account_key = K.account, accounts_key = K.accounts, journal_key = K.journal, totals_key = K.totals,
})
if not p then return reply.unreadable() end

local month = months.now(now, A.month, A.month_ends_ms)
local to_month = month + A.lasts_months + 1
local issuers, able = choose.issuers(A.issuers), {}
for _, lot in ipairs(purse.lots(p)) do
  local lasts = lot.bucket == purse.SPENDABLE or lot.bucket == purse.FROZEN and lot.live == 0
  local ends = lasts and lot.month > month and lot.month < to_month
  if ends and (not issuers or issuers[lot.issuer]) then able[#able + 1] = lot end
end
table.sort(able, function(a, b)
  if a.month ~= b.month then return a.month < b.month end
  if a.issuer ~= b.issuer then return a.issuer < b.issuer end
  return a.bucket < b.bucket
end)
local left = A.points
for _, lot in ipairs(able) do
  local points = math.min(left, lot.amount)
  purse.move(p, lot.bucket, lot.bucket, lot, points, to_month)
  left = left - points
end
if #p.moves == 0 then return reply.nothing() end
local sealed = purse.seal(p)
local entry = purse.entry(p, {cause = RENEWED_CAUSE, ref = A.id, subject = A.subject})

--@commit
done.commit(K.done, A.hash, entry)
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.renewed(now, entry)
