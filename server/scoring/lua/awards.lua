-- What is paid: multipliers and caps of a rule, the fixed award of a task or quest. Writes the viewer, answers receipts.
local awards = {}
do
local pack, floor = struct.pack, math.floor
local DAILY_POINTS = 0
-- Of one award, in thousandths: a receipt can say it.
local MOST_GROWTH = 4000000000000
local REASON = receipts.REASON

-- Multipliers in thousandths, together, and what a brown-out leaves of them.
function awards.stack(ctx, heat, campaign, tier, personal)
  local stacked
  if ctx.stacking == 1 then
    stacked = floor(heat * campaign * tier * personal / 1000000000)
  elseif ctx.stacking == 2 then
    stacked = math.max(0, heat + campaign + tier + personal - 3000)
  else
    stacked = math.max(heat, campaign, tier, personal)
  end
  return floor(math.min(stacked, ctx.ceiling) * ctx.brownout / 1000)
end

-- What is paid of an award that would pass the budget.
function awards.within(budget)
  return budget.whole and 0 or budget.left
end

-- Credits points and growth; answers the growth gained.
local function credit(v, ctx, bucket, points, growth_milli)
  if points > 0 then
    lots.issue(v.wallet, bucket, ctx.issuer, ctx.live, ctx.month, points)
    if bucket == 2 then
      v.session = v.session + points
      v.holds = true
    else
      v.spendable = v.spendable + points
    end
    v.watch.earned = v.watch.earned + points
  end
  local gained = growth_milli > 0 and growth.add(v.tier, growth_milli) or 0
  v.grown = v.grown + gained
  if growth_milli > 0 or rooms.ways(ctx) then viewers.rise(v, ctx) end
  return gained
end

-- Units that a cap still lets through.
local function left_of(window, rule, most)
  if most == 0 then return math.huge end
  return math.max(0, most - limits.used(window, rule.no))
end

-- How many units every cap still lets through, the reason that bound, and when it opens again.
local function through_caps(v, ctx, rule, units)
  local reason, resets = REASON.earned, 0
  local left = left_of(v.visit_caps[1], rule, rule.cap_minute)
  if left < units then units, reason, resets = left, REASON.minute_cap, v.call.minute_ends end
  left = left_of(v.visit_caps[2], rule, rule.cap_live)
  if left < units then units, reason, resets = left, REASON.live_cap, ctx.today_ends end
  left = left_of(v.caps[1], rule, rule.cap_day)
  if left < units then units, reason, resets = left, REASON.daily_cap, v.call.today_ends end
  left = left_of(v.caps[2], rule, rule.cap_ever)
  if left < units then units, reason, resets = left, REASON.once_only, 0 end
  return units, reason, resets
end

local function count_units(v, rule, units)
  if rule.cap_minute > 0 then limits.add(v.visit_caps[1], rule.no, units) end
  if rule.cap_live > 0 then limits.add(v.visit_caps[2], rule.no, units) end
  if rule.cap_day > 0 then limits.add(v.caps[1], rule.no, units) end
  if rule.cap_ever > 0 then limits.add(v.caps[2], rule.no, units) end
end

-- What the award comes to after the caps on amounts: per award, per day, per budget, and of the wallet.
local function through_amounts(v, ctx, rule, amount)
  local points, reason, resets = amount, nil, 0
  if rule.cap_award > 0 and rule.cap_before == 0 and points > rule.cap_award then
    points, reason = rule.cap_award, REASON.award_cap
  end
  local most = v.call.daily_points
  if most > 0 then
    local left = math.max(0, most - limits.used(v.caps[1], DAILY_POINTS))
    if points > left then points, reason, resets = left, REASON.daily_points, v.call.today_ends end
  end
  local budget = v.call.budget
  if budget.left and points > budget.left then points, reason, resets = awards.within(budget), budget.reason, 0 end
  if points > 0 and not lots.fits(v.wallet, rule.bucket, ctx.issuer, ctx.live, ctx.month) then
    return 0, REASON.wallet_full, 0
  end
  return points, reason, resets
end

-- Pays one rule; answers the receipt, and true where anything counted.
function awards.pay(v, ctx, rule, act, units)
  if v.frozen then
    return receipts.refused(act, rule, REASON.frozen, units, 0), false
  end
  local count, reason, resets = through_caps(v, ctx, rule, units)
  if count == 0 then
    return receipts.refused(act, rule, reason, units, resets), false
  end
  local stale = v.now > ctx.valid_until
  local heat = stale and 1000 or rule.heat
  local campaign = v.now < rule.campaign_until and rule.campaign or 1000
  local tier = ctx.factors[math.min(v.tier.rung + 1 + v.boost, #ctx.factors)] or 1000
  local multiplier = awards.stack(ctx, heat, campaign, tier, v.personal)
  local carry = v.wallet.carry[rule.bucket]
  local base = rule.base * count
  if rule.cap_before == 1 and rule.cap_award > 0 and base > rule.cap_award * 1000 then
    base, reason, resets = rule.cap_award * 1000, REASON.award_cap, 0
  end
  local milli = floor(base * multiplier / 1000) + carry
  local amount = floor(milli / 1000)
  local points, why, opens = through_amounts(v, ctx, rule, amount)
  if why then reason, resets = why, opens end
  v.wallet.carry[rule.bucket] = points == amount and milli % 1000 or 0
  if v.call.daily_points >= 0 and points > 0 then limits.add(v.caps[1], DAILY_POINTS, points) end
  if v.call.budget.left then v.call.budget.left = v.call.budget.left - points end
  count_units(v, rule, count)
  local grown = credit(v, ctx, rule.bucket, points, math.min(rule.growth * count, MOST_GROWTH))
  return pack(receipts.LAYOUT, rule.no, act.action, reason, rule.bucket, act.seq, units, count, rule.base, heat, campaign, tier,
    v.personal, multiplier, carry, points, grown, resets, 0, (stale and 1 or 0) + (v.first and 2 or 0) + 4 * ctx.brownout_level), true
end

-- A fixed award: what a task or quest promised is what it pays, without multipliers.
function awards.grant(v, ctx, act, task)
  local points, reason = task.points, REASON.earned
  local budget = v.call.budget
  if budget.left and points > budget.left then points, reason = awards.within(budget), budget.reason end
  if points > 0 and not lots.fits(v.wallet, 1, ctx.issuer, ctx.live, ctx.month) then
    points, reason = 0, REASON.wallet_full
  end
  if budget.left then budget.left = budget.left - points end
  local gained = credit(v, ctx, 1, points, task.growth * 1000)
  receipts.add(v, receipts.of_task(act, {
    reason = reason, base = task.points * 1000, points = points, growth = gained, counted = 1, task = task.task,
    rule = task.rule,
  }))
end
end
