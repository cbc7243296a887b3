-- Which lots pay, and in which order.
local choose = {ANY = 0, SESSION_ONLY = 1, SPENDABLE_ONLY = 2, SESSION_LAST = 2, OWN_BRAND_FIRST = 3}

-- Smaller pays earlier; compared field by field. The default is what expires first, then what is good in fewer places.
local function keys_of(lot, want)
  local session = lot.bucket == purse.SESSION and 0 or 1
  local month = lots.lasts(lot.month)
  local place = want.issuers and want.issuers[lot.issuer] or 0
  if want.order == choose.SESSION_LAST then return {1 - session, month, place, lot.issuer} end
  if want.order == choose.OWN_BRAND_FIRST then
    -- What stands before the brand is its own, too: a room, a host.
    local brand = want.issuers and want.issuers[want.at]
    local own = lot.issuer == want.at or brand and place <= brand
    return {own and 0 or 1, session, month, place, lot.issuer}
  end
  return {session, month, place, lot.issuer}
end

local function earlier(a, b)
  for i = 1, #a.keys do
    if a.keys[i] ~= b.keys[i] then return a.keys[i] < b.keys[i] end
  end
  return false
end

-- Places of issuers in a list of two bytes each; nothing is everybody.
function choose.issuers(packed)
  if packed == '' then return nil end
  local places = {}
  for at = 1, #packed, 2 do places[struct.unpack('>I2', packed, at)] = (at + 1) / 2 end
  return places
end

-- Whosever points they are.
local function may_pay(lot, want)
  if lot.bucket == purse.SPENDABLE then return want.pay ~= choose.SESSION_ONLY and not months.gone(lot.month, want.month) end
  if lot.bucket == purse.SESSION then return want.pay ~= choose.SPENDABLE_ONLY and want.live > 0 and lot.live == want.live end
  return false
end

-- Parts of lots that make up `want.points`, or nil; what there is, and what would pay if its issuer were among them.
-- `want`: points, pay, live (0 where no session points count), month, order, at, issuers.
function choose.parts(p, want)
  local able, there, elsewhere = {}, 0, 0
  for _, lot in ipairs(purse.lots(p)) do
    local pays = may_pay(lot, want)
    if pays and want.issuers and not want.issuers[lot.issuer] then
      elsewhere = elsewhere + lot.amount
    elseif pays then
      lot.keys = keys_of(lot, want)
      able[#able + 1] = lot
      there = there + lot.amount
    end
  end
  if there < want.points then return nil, there, elsewhere end
  table.sort(able, earlier)
  local parts, left = {}, want.points
  for _, lot in ipairs(able) do
    if left == 0 then break end
    local points = math.min(left, lot.amount)
    parts[#parts + 1] = {bucket = lot.bucket, issuer = lot.issuer, live = lot.live, month = lot.month, points = points, spent = 0}
    left = left - points
  end
  return parts, there, elsewhere
end
