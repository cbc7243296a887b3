-- A wallet: lots by bucket, issuer, live and expiry month, and the sums that must always balance.
-- Section: issued, in, spent, expired, revoked, out, carries, count, then (bucket, issuer, live, month, amount).
local lots = {}
local pack, parse = struct.pack, struct.unpack
local LOTS_MAX = 32
-- Later than any month.
local NEVER = 65536
local SPENDABLE, SESSION, PENDING, HELD, FROZEN = 1, 2, 3, 4, 5

function lots.read(raw)
  if raw == '' then
    return {issued = 0, received = 0, spent = 0, expired = 0, revoked = 0, given = 0, carry = {0, 0}}
  end
  local issued, received, spent, expired, revoked, given, spendable_carry, session_carry, count, at =
    parse('>I6I6I6I6I6I6I2I2B', raw)
  local w = {
    issued = issued, received = received, spent = spent, expired = expired, revoked = revoked, given = given,
    carry = {spendable_carry, session_carry},
  }
  for i = 1, count do
    local bucket, issuer, live, month, amount
    bucket, issuer, live, month, amount, at = parse('>BI2I4I2I6', raw, at)
    w[i] = {bucket = bucket, issuer = issuer, live = live, month = month, amount = amount}
  end
  return w
end

-- Points by bucket: spendable, session, pending, held, frozen.
function lots.sums(w)
  local spendable, session, pending, held, frozen = 0, 0, 0, 0, 0
  for i = 1, #w do
    local bucket, amount = w[i].bucket, w[i].amount
    if bucket == SPENDABLE then
      spendable = spendable + amount
    elseif bucket == SESSION then
      session = session + amount
    elseif bucket == PENDING then
      pending = pending + amount
    elseif bucket == HELD then
      held = held + amount
    else
      frozen = frozen + amount
    end
  end
  return spendable, session, pending, held, frozen
end

-- Spendable points that `home` does not owe: a count, then issuer and points of each lot.
function lots.others(w, home)
  local count, out = 0, ''
  for i = 1, #w do
    local lot = w[i]
    if lot.issuer ~= home and lot.bucket == SPENDABLE then
      count, out = count + 1, out .. pack('>I2I6', lot.issuer, lot.amount)
    end
  end
  return string.char(count) .. out
end

local function find(w, bucket, issuer, live, month)
  for i = 1, #w do
    local lot = w[i]
    if lot.bucket == bucket and lot.issuer == issuer and lot.live == live and lot.month == month then return lot end
  end
end

local function lasts(month)
  return month == 0 and NEVER or month
end

-- Two lots of one bucket, issuer and live with the earliest months, or nil.
local function alike(w)
  local best_a, best_b, best
  for a = 1, #w do
    for b = a + 1, #w do
      local one, two = w[a], w[b]
      if one.bucket == two.bucket and one.issuer == two.issuer and one.live == two.live then
        local sum = lasts(one.month) + lasts(two.month)
        if not best or sum < best then best_a, best_b, best = a, b, sum end
      end
    end
  end
  return best_a, best_b
end

-- A wallet with too many lots: two alike become one with the later expiry, which is never to the viewer's loss. Points
-- that came back must not be refused, so where no two are alike the wallet stays as it is.
local function merge(w)
  while #w > LOTS_MAX do
    local one, other = alike(w)
    if not one then return end
    w[one].amount = w[one].amount + w[other].amount
    if lasts(w[other].month) > lasts(w[one].month) then w[one].month = w[other].month end
    table.remove(w, other)
  end
end

function lots.write(w)
  merge(w)
  local out = pack('>I6I6I6I6I6I6I2I2B', w.issued, w.received, w.spent, w.expired, w.revoked, w.given,
    w.carry[1], w.carry[2], #w)
  for i = 1, #w do
    local lot = w[i]
    out = out .. pack('>BI2I4I2I6', lot.bucket, lot.issuer, lot.live, lot.month, lot.amount)
  end
  return out
end

-- Which lot points belong to. Session points are of their live and have no month, spendable ones the other way round;
-- frozen ones keep both, to go back to where they were. Held and pending points are one lot each: their holds know more.
local function place(bucket, issuer, live, month)
  if bucket == SESSION then return issuer, live, 0 end
  if bucket == SPENDABLE then return issuer, 0, month end
  if bucket == FROZEN then return issuer, live, month end
  return 0, 0, 0
end

-- Whether points can be added: there is such a lot, room for one more, or room to be made.
function lots.fits(w, bucket, of_issuer, of_live, of_month)
  local issuer, live, month = place(bucket, of_issuer, of_live, of_month)
  return #w < LOTS_MAX or find(w, bucket, issuer, live, month) ~= nil or alike(w) ~= nil
end

-- Makes a lot where there is none like it; too many are merged when the wallet is written.
function lots.add(w, bucket, of_issuer, of_live, of_month, amount)
  local issuer, live, month = place(bucket, of_issuer, of_live, of_month)
  local same = find(w, bucket, issuer, live, month)
  if same then
    same.amount = same.amount + amount
  else
    w[#w + 1] = {bucket = bucket, issuer = issuer, live = live, month = month, amount = amount}
  end
end

-- Points leave the lot they are in; the caller has seen that they are there.
function lots.take(w, bucket, of_issuer, of_live, of_month, amount)
  local issuer, live, month = place(bucket, of_issuer, of_live, of_month)
  local lot = find(w, bucket, issuer, live, month)
  lot.amount = lot.amount - amount
  if lot.amount > 0 then return end
  for i = 1, #w do
    if w[i] == lot then return table.remove(w, i) end
  end
end

-- New points that fit. The caller adds the same amount to the partition's totals.
function lots.issue(w, bucket, issuer, live, month, amount)
  if amount <= 0 then return end
  lots.add(w, bucket, issuer, live, month, amount)
  w.issued = w.issued + amount
end
