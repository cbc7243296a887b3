-- A wallet: lots by bucket, issuer, live and expiry month, and the sums that must always balance.
-- Section: issued, in, spent, expired, revoked, out, carries, count, then (bucket, issuer, live, month, amount).
-- Fixed part: issued, carries, and two lots behind their places in the list, 0 for none: those that the last award of
-- spendable points (issuer, month) and of session points (issuer, live) went to. What was issued and the carries are sums
-- of both parts.
local lots = {FIXED = 'I6I2I2BI2I2I6BI2I4I6'}
local pack, parse = struct.pack, struct.unpack
local HEAD, ROW, FIXED = '>I6I6I6I6I6I6I2I2B', '>BI2I4I2I6', '>' .. lots.FIXED
local LOTS_MAX = 32
-- As many as the record can count.
local COUNTED_MAX = 255
-- Points that ever came in, which bound every other sum: 14 digits (shared/points.ts), and the record has 48 bits.
local POINTS_MAX = 99999999999999
-- Later than any month.
local NEVER = 65536
local SPENDABLE, SESSION, FROZEN = 1, 2, 5

function lots.read(raw, fixed)
  local issued, received, spent, expired, revoked, given, spendable_carry, session_carry, count, at =
    parse(HEAD, raw == '' and record.ZEROS or raw)
  local issued_since, carry_a, carry_b, place_a, issuer_a, month_a, amount_a, place_b, issuer_b, live_b, amount_b =
    parse(FIXED, fixed)
  local w = {
    issued = issued + issued_since, received = received, spent = spent, expired = expired, revoked = revoked, given = given,
    carry = {spendable_carry + carry_a, session_carry + carry_b}, last = {},
  }
  if place_a > 0 then count = count + 1 end
  if place_b > 0 then count = count + 1 end
  for i = 1, count do
    if i == place_a then
      w[i] = {bucket = SPENDABLE, issuer = issuer_a, live = 0, month = month_a, amount = amount_a}
      w.last[SPENDABLE] = w[i]
    elseif i == place_b then
      w[i] = {bucket = SESSION, issuer = issuer_b, live = live_b, month = 0, amount = amount_b}
      w.last[SESSION] = w[i]
    else
      local bucket, issuer, live, month, amount
      bucket, issuer, live, month, amount, at = parse(ROW, raw, at)
      w[i] = {bucket = bucket, issuer = issuer, live = live, month = month, amount = amount}
    end
  end
  return w
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

-- To compare months: 0 is none, and later than any.
local function lasts(month)
  return month == 0 and NEVER or month
end
lots.lasts = lasts

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

local NO_LOT = {issuer = 0, live = 0, month = 0, amount = 0}

-- Section and fixed part.
function lots.write(w)
  merge(w)
  -- Better nothing is done than points lost from the record.
  if #w > COUNTED_MAX then error('a wallet has more lots than its record can count') end
  if w.issued + w.received > POINTS_MAX then error('a wallet has more points than its record can count') end
  local a, b, place_a, place_b = w.last[SPENDABLE], w.last[SESSION], 0, 0
  local rows, count = '', 0
  for i = 1, #w do
    local lot = w[i]
    if lot == a then
      place_a = i
    elseif lot == b then
      place_b = i
    else
      rows, count = rows .. pack(ROW, lot.bucket, lot.issuer, lot.live, lot.month, lot.amount), count + 1
    end
  end
  -- A lot that is there no more stands nowhere.
  if place_a == 0 then a = NO_LOT end
  if place_b == 0 then b = NO_LOT end
  return pack(HEAD, 0, w.received, w.spent, w.expired, w.revoked, w.given, 0, 0, count) .. rows,
    pack(FIXED, w.issued, w.carry[1], w.carry[2], place_a, a.issuer, a.month, a.amount, place_b, b.issuer, b.live, b.amount)
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

-- The lot that has the points now. Makes one where there is none like it; too many are merged when the wallet is written.
function lots.add(w, bucket, of_issuer, of_live, of_month, amount)
  local issuer, live, month = place(bucket, of_issuer, of_live, of_month)
  local same = find(w, bucket, issuer, live, month)
  if same then
    same.amount = same.amount + amount
    return same
  end
  local lot = {bucket = bucket, issuer = issuer, live = live, month = month, amount = amount}
  w[#w + 1] = lot
  return lot
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
  w.last[bucket] = lots.add(w, bucket, issuer, live, month, amount)
  w.issued = w.issued + amount
end
