-- Which lots pay, and in which order.
local choose = {ANY = 0, SESSION_ONLY = 1, SPENDABLE_ONLY = 2, SESSION_LAST = 2, OWN_BRAND_FIRST = 3}
local NEVER = 65536

-- Smaller pays earlier; compared field by field. The default is what expires first.
local function keys_of(lot, want)
  local session = lot.bucket == purse.SESSION and 0 or 1
  local month = lot.month == 0 and NEVER or lot.month
  if want.order == choose.SESSION_LAST then return {1 - session, month, lot.issuer} end
  if want.order == choose.OWN_BRAND_FIRST then return {lot.issuer == want.at and 0 or 1, session, month, lot.issuer} end
  return {session, month, lot.issuer}
end

local function earlier(a, b)
  for i = 1, #a.keys do
    if a.keys[i] ~= b.keys[i] then return a.keys[i] < b.keys[i] end
  end
  return false
end

-- Numbers of brands, two bytes each; nothing is everybody.
function choose.issuers(packed)
  if packed == '' then return nil end
  local set = {}
  for at = 1, #packed, 2 do set[struct.unpack('>I2', packed, at)] = true end
  return set
end

local function may_pay(lot, want)
  if want.issuers and not want.issuers[lot.issuer] then return false end
  if lot.bucket == purse.SPENDABLE then return want.pay ~= choose.SESSION_ONLY and not months.gone(lot.month, want.month) end
  if lot.bucket == purse.SESSION then return want.pay ~= choose.SPENDABLE_ONLY and want.live > 0 and lot.live == want.live end
  return false
end

-- Parts of lots that make up `want.points`, or nil, and what there is. `want`: points, pay, live (0 where no session
-- points count), month, order, at, issuers.
function choose.parts(p, want)
  local able, there = {}, 0
  for _, lot in ipairs(purse.lots(p)) do
    if may_pay(lot, want) then
      lot.keys = keys_of(lot, want)
      able[#able + 1] = lot
      there = there + lot.amount
    end
  end
  if there < want.points then return nil, there end
  table.sort(able, earlier)
  local parts, left = {}, want.points
  for _, lot in ipairs(able) do
    if left == 0 then break end
    local points = math.min(left, lot.amount)
    parts[#parts + 1] = {bucket = lot.bucket, issuer = lot.issuer, live = lot.live, month = lot.month, points = points, spent = 0}
    left = left - points
  end
  return parts, there
end
