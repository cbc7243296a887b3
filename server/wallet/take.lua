-- Takes points back, once per id: those that would last longest first. Also from a frozen account.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/done.lua"
--@include "./lua/months.lua"
--@include "./lua/choose.lua"

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

local issuers = choose.issuers(A.issuers)
local able, there = {}, 0
for _, lot in ipairs(purse.lots(p)) do
  local takes = lot.bucket == purse.SPENDABLE or lot.bucket == purse.SESSION or lot.bucket == purse.FROZEN
  if takes and (not issuers or issuers[lot.issuer]) then
    able[#able + 1] = lot
    there = there + lot.amount
  end
end
if there < A.points and A.partial == 0 then return reply.short(there) end
local function lasts(lot)
  return lot.live > 0 and 0 or lots.lasts(lot.month)
end
table.sort(able, function(a, b)
  if lasts(a) ~= lasts(b) then return lasts(a) > lasts(b) end
  if a.bucket ~= b.bucket then return a.bucket < b.bucket end
  if a.issuer ~= b.issuer then return a.issuer < b.issuer end
  return a.live < b.live
end)
local left = math.min(A.points, there)
for _, lot in ipairs(able) do
  local points = math.min(left, lot.amount)
  purse.move(p, lot.bucket, purse.REVOKED, lot, points, lot.month)
  left = left - points
end
local sealed = purse.seal(p)
local entry = purse.entry(p, {cause = A.cause, at = A.at, ref = A.id, subject = A.subject, by = A.by})

--@commit
done.commit(K.done, A.hash, entry)
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.taken(now, entry)
