-- Takes points back, once per id: those that would last longest first. Also from a frozen account.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/months.lua"
--@include "./lua/choose.lua"
local HASH_LENGTH = 16
local KEPT_MS = 7776000000
local NEVER = 65536

local now = time.now(A.now_ms)
local raw = redis.call('MGET', K.account, K.done)
if raw[2] then
  if not purse.same_input(string.sub(raw[2], 1, HASH_LENGTH), A.hash) then return reply.conflict() end
  return reply.replayed(now, string.sub(raw[2], HASH_LENGTH + 1))
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
  if lot.live > 0 then return 0 end
  return lot.month == 0 and NEVER or lot.month
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
redis.call('SET', K.done, A.hash .. entry, 'PX', KEPT_MS)
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.taken(now, entry)
