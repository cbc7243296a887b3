-- Stops an account: it earns and spends nothing, and its points are out of reach. Or lets it go on.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/purse.lua"
--@include "./lua/months.lua"
local FROZEN_CAUSE, UNFROZEN_CAUSE = 9, 10

local now = time.now(A.now_ms)
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
local p = purse.open(redis.call('GET', K.account), A.number, {
  account_key = K.account, accounts_key = K.accounts, journal_key = K.journal, totals_key = K.totals,
})
if not p then return reply.unreadable() end
local freeze = A.freeze == 1
if p.frozen == freeze then return reply.same(now) end

local month = months.now(now, A.month, A.month_ends_ms)
local grace = A.grace_months > 0 and month + A.grace_months + 1 or 0
local function thaw(lot)
  if lot.live > 0 then
    -- The sweep at the end of a live takes frozen points as well, so what is left is of a live that goes on.
    return purse.move(p, purse.FROZEN, purse.SESSION, lot, lot.amount, lot.month)
  end
  -- Time went on while nobody could spend them.
  local gone = months.gone(lot.month, month)
  purse.move(p, purse.FROZEN, gone and grace == 0 and purse.EXPIRED or purse.SPENDABLE, lot, lot.amount,
    gone and grace ~= 0 and grace or lot.month)
end
for _, lot in ipairs(purse.lots(p)) do
  if freeze and (lot.bucket == purse.SPENDABLE or lot.bucket == purse.SESSION) then
    purse.move(p, lot.bucket, purse.FROZEN, lot, lot.amount, lot.month)
  elseif not freeze and lot.bucket == purse.FROZEN then
    thaw(lot)
  end
end
p.account.flags = p.account.flags + (freeze and record.FROZEN_FLAG or -record.FROZEN_FLAG)
local sealed = purse.seal(p)
local entry = purse.entry(p, {cause = freeze and FROZEN_CAUSE or UNFROZEN_CAUSE, ref = A.id, by = A.by})

--@commit
purse.commit(p, sealed, purse.element(now, {entry}))
return reply.changed(now, entry)
