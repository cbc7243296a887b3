-- A wallet: lots by bucket, issuer, live and expiry month, and the sums that must always balance.
-- Section: issued, in, spent, expired, revoked, out, carries, count, then (bucket, issuer, live, month, amount).
local lots = {}
local LOTS_MAX = 32
local SPENDABLE, SESSION, PENDING, HELD, FROZEN = 1, 2, 3, 4, 5

function lots.read(raw)
  local w = {issued = 0, received = 0, spent = 0, expired = 0, revoked = 0, given = 0, carry = {0, 0}}
  if raw == '' then return w end
  local count, at
  w.issued, w.received, w.spent, w.expired, w.revoked, w.given, w.carry[1], w.carry[2], count, at =
    struct.unpack('>I6I6I6I6I6I6I2I2B', raw)
  for i = 1, count do
    local lot = {}
    lot.bucket, lot.issuer, lot.live, lot.month, lot.amount, at = struct.unpack('>BI2I4I2I6', raw, at)
    w[i] = lot
  end
  return w
end

function lots.write(w)
  local parts = {
    struct.pack('>I6I6I6I6I6I6I2I2B', w.issued, w.received, w.spent, w.expired, w.revoked, w.given,
      w.carry[1], w.carry[2], #w),
  }
  for i, lot in ipairs(w) do
    parts[i + 1] = struct.pack('>BI2I4I2I6', lot.bucket, lot.issuer, lot.live, lot.month, lot.amount)
  end
  return table.concat(parts)
end

function lots.sum(w, bucket)
  local sum = 0
  for _, lot in ipairs(w) do
    if lot.bucket == bucket then sum = sum + lot.amount end
  end
  return sum
end

local function find(w, bucket, issuer, live, month)
  for _, lot in ipairs(w) do
    if lot.bucket == bucket and lot.issuer == issuer and lot.live == live and lot.month == month then return lot end
  end
end

-- Two lots of one bucket, issuer and live with the earliest months, or nil.
local function alike(w)
  local best_a, best_b
  for a = 1, #w do
    for b = a + 1, #w do
      local one, two = w[a], w[b]
      if one.bucket == two.bucket and one.issuer == two.issuer and one.live == two.live then
        if not best_a or one.month + two.month < w[best_a].month + w[best_b].month then best_a, best_b = a, b end
      end
    end
  end
  return best_a, best_b
end

-- Session points belong to their live and have no month; all others belong to no live.
local function place(bucket, live, month)
  if bucket == SESSION then return live, 0 end
  return 0, month
end

-- Whether points can be added: there is such a lot, room for one more, or room to be made.
function lots.fits(w, bucket, issuer, of_live, of_month)
  local live, month = place(bucket, of_live, of_month)
  return #w < LOTS_MAX or find(w, bucket, issuer, live, month) ~= nil or alike(w) ~= nil
end

-- Where the wallet is full, two alike become one with the later expiry, which is never to the viewer's loss.
function lots.add(w, bucket, issuer, of_live, of_month, amount)
  local live, month = place(bucket, of_live, of_month)
  local same = find(w, bucket, issuer, live, month)
  if same then
    same.amount = same.amount + amount
    return
  end
  if #w >= LOTS_MAX then
    local one, other = alike(w)
    w[one].amount = w[one].amount + w[other].amount
    w[one].month = math.max(w[one].month, w[other].month)
    table.remove(w, other)
  end
  w[#w + 1] = {bucket = bucket, issuer = issuer, live = live, month = month, amount = amount}
end

-- New points that fit. The caller adds the same amount to the partition's totals.
function lots.issue(w, bucket, issuer, live, month, amount)
  if amount <= 0 then return end
  lots.add(w, bucket, issuer, live, month, amount)
  w.issued = w.issued + amount
end

-- What a live leaves in the account goes; answers how much. The caller changes the partition's totals.
function lots.expire_session(w, live)
  local points, kept = 0, 0
  for i = 1, #w do
    local lot = w[i]
    if lot.bucket == SESSION and lot.live == live then
      points = points + lot.amount
    else
      kept = kept + 1
      w[kept] = lot
    end
  end
  for i = #w, kept + 1, -1 do w[i] = nil end
  w.expired = w.expired + points
  return points
end
