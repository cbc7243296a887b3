-- What one action of one viewer earns. Knows rules as numbers only; composes the fragments of the foundations.
-- Reads and computes; the scripts that include it do the writing.
local earn = {}
local pack, parse, byte, floor = struct.pack, struct.unpack, string.byte, math.floor
-- As compile.ts writes them.
local RULE, RULE_BYTES = '>BBBBBI4I4I4I4I2I2I6I4I4I4I4I4', 51
local WEIGHT_BYTES = 5
local NONE = string.char(0)
local FROZEN_FLAG = 1
local LIKE, COMMENT, QUESTION, WATCH, TASK = 1, 2, 3, 4, 17
local TASK_RULE, QUEST_RULE = 250, 249
-- Of one receipt.
local MOST_GROWTH = 4294967295
-- Not a rule: counts with the caps for ever that there was a purchase.
local FIRST_ORDER = 251
local DAILY_POINTS = 0
earn.REASON = {
  earned = 0, progress = 1, no_rule = 2, minute_cap = 3, live_cap = 4, daily_cap = 5, daily_points = 6,
  once_only = 7, award_cap = 8, budget = 9, frozen = 10, wallet_full = 12, issuance_cap = 13, watch_started = 30,
  task_pending = 40, task_full = 41, quest_done = 42,
}
local REASON = earn.REASON

local function day_of(now, first, ends, next_ends)
  if now < ends then return first, ends end
  return first + 1, next_ends
end

-- What a call may pay: what is left of it, nil where there is no bound, whether an award that would pass it is paid whole or
-- not at all, and what receipts say then.
function earn.budget(allowance, whole, reason)
  return {left = allowance >= 0 and allowance or nil, whole = whole == 1, reason = reason}
end

-- What is the same for all viewers of a call, whatever their rooms.
function earn.call(now, days, daily_points, budget)
  local today, today_ends = day_of(now, days.day, days.ends, days.next_ends)
  local minute = floor(now / 60000)
  return {
    now = now, minute = minute, minute_ends = (minute + 1) * 60000, window = floor(now / 10000), today = today,
    today_ends = today_ends, daily_points = daily_points, budget = budget,
  }
end

-- A room as scoring sees it at a time. The order of fields is that of compile.ts.
function earn.context(raw, now)
  -- `plans` are what quick.lua makes of the rules, by action.
  local c, at = {plans = {}}, nil
  c.live, c.issuer, c.rulebook, c.valid_until, c.stacking, c.ceiling, c.beat_ms, c.gap_ms, c.comment_ms, at =
    parse('>I4I2I4I6BI2I4I4I4', raw)
  local next_month, month_ends, day, day_ends, next_day_ends, visit_ttl
  c.heat_most, c.month, next_month, month_ends, day, day_ends, next_day_ends, visit_ttl, at =
    parse('>I4I2I2I6I4I6I6I4', raw, at)
  if now >= month_ends then c.month = next_month end
  c.today, c.today_ends = day_of(now, day, day_ends, next_day_ends)
  -- As text: Redis would write the number out anew for each viewer.
  c.visit_ttl_ms = string.format('%.0f', visit_ttl * 1000)
  local count
  c.brownout_level, c.brownout, count, at = parse('>BI2B', raw, at)
  c.thresholds, c.factors = {}, {}
  for i = 1, count do c.thresholds[i], c.factors[i], at = parse('>I6I2', raw, at) end
  c.raw, c.rules, c.rules_at = raw, {}, at + 1
  c.weights_at = c.rules_at + RULE_BYTES * byte(raw, at) + 1
  at = c.weights_at + WEIGHT_BYTES * byte(raw, c.weights_at - 1)
  count, at = parse('>B', raw, at)
  c.tasks = {}
  for i = 1, count do
    local t = {}
    t.task, t.action, t.goal, t.points, t.growth, t.starts, t.ends, t.places, at = parse('>I4BI4I4I4I6I6B', raw, at)
    t.places = t.places == 1
    c.tasks[i] = t
  end
  -- Bit 0: a quest is for the new; bit n: one counts action n. What they are is opened when one of them counts.
  local length
  c.quest_actions, c.quest_day, length, c.quests_at = parse('>I4I4I2', raw, at)
  c.keep_at = c.quests_at + length
  return c
end

-- Whether a quest counts the action.
function earn.quested(ctx, action)
  return floor(ctx.quest_actions / 2 ^ action) % 2 == 1
end

-- The room's quests, opened when the first viewer of a call does what one counts.
function earn.quests(ctx, today)
  ctx.quests = ctx.quests or quests.compiled(ctx.raw, ctx.quests_at, today > ctx.quest_day)
  return ctx.quests
end

-- How rungs are kept, opened when the first viewer of a call has one.
local function keeping(ctx)
  ctx.keep = ctx.keep or growth.policy(ctx.raw, ctx.keep_at)
  return ctx.keep
end

local function rule_at(raw, at)
  local no, action, bucket, goal_mode, cap_before, base, grows, per, goal,
    heat, campaign, campaign_until, cap_minute, cap_live, cap_day, cap_ever, cap_award = parse(RULE, raw, at)
  return {
    no = no, action = action, bucket = bucket, goal_mode = goal_mode, cap_before = cap_before, base = base, growth = grows,
    per = per, goal = goal, heat = heat, campaign = campaign, campaign_until = campaign_until, cap_minute = cap_minute,
    cap_live = cap_live, cap_day = cap_day, cap_ever = cap_ever, cap_award = cap_award,
  }
end

-- The rules of an action, opened when the first viewer of a call does it: most calls know one or two of them.
function earn.rules(ctx, action)
  local rules = ctx.rules[action]
  if rules then return rules end
  rules = {}
  for at = ctx.rules_at, ctx.weights_at - 2, RULE_BYTES do
    if byte(ctx.raw, at + 1) == action then rules[#rules + 1] = rule_at(ctx.raw, at) end
  end
  ctx.rules[action] = rules
  return rules
end

-- By how many thousandths of heat one unit of the action warms the room.
function earn.weight(ctx, action)
  local raw, at = ctx.raw, ctx.weights_at
  for from = at, at + WEIGHT_BYTES * (byte(raw, at - 1) - 1), WEIGHT_BYTES do
    if byte(raw, from) == action then return (parse('>I4', raw, from + 1)) end
  end
  return 0
end

-- The viewer with all sections decoded, or nil where a record cannot be read.
function earn.open(account_raw, visit_raw, call)
  local account, visit = record.open(account_raw, record.ACCOUNT), record.open(visit_raw, record.VISIT)
  if not account or not visit then return nil end
  local of_account, of_visit = account.fixed, visit.fixed
  local ladders = growth.read(account[3], of_account[3])
  local boost = growth.boost(ladders, call.now)
  -- Every field that is ever set is named here: a table that grows is copied each time it doubles.
  return {
    account = account, visit = visit, fresh = not account_raw, now = call.now, call = call,
    number = 0, personal = 1000, first = false, session_nonce = 0,
    boost = boost,
    sessions = sessions.read(account[1], of_account[1]), wallet = lots.read(account[2], of_account[2]), ladders = ladders,
    caps = limits.read_account(account[4], of_account[4]), attention = attention.read(account[5], of_account[5]),
    visit_caps = limits.read_visit(visit[1], of_visit[1]), watch = attention.visit_read(visit[2], of_visit[2]),
    tasks = progress.read(visit[3]), quests = nil,
    receipts = {}, promotions = nil, claims = nil, kept = nil, heat = 0, heat_by = {}, spendable = 0, session = 0, grown = 0, holds = false,
    tier = growth.on(ladders, growth.PLATFORM),
  }
end

-- The changed records, to be written.
function earn.seal(v)
  local account, visit = v.account, v.visit
  account.changes = account.changes + 1
  local fixed = account.fixed
  account[1], fixed[1] = sessions.write(v.sessions)
  account[2], fixed[2] = lots.write(v.wallet)
  account[3], fixed[3] = growth.write(v.ladders)
  account[4], fixed[4] = limits.write_account(v.caps)
  account[5], fixed[5] = attention.write(v.attention)
  if v.quests and v.quests.changed then record.set_extra(account, quests.TAG, quests.write(v.quests)) end
  visit.changes = visit.changes + 1
  fixed = visit.fixed
  visit[1], fixed[1] = limits.write_visit(v.visit_caps)
  visit[2], fixed[2] = attention.visit_write(v.watch)
  visit[3] = progress.write(v.tasks)
  return record.seal(account, record.ACCOUNT), record.seal(visit, record.VISIT)
end

local function quests_of(v)
  v.quests = v.quests or quests.read(record.extra(v.account, quests.TAG))
  return v.quests
end

-- Brings the windows of both records to the time of scoring, and decides whether the rung is kept.
function earn.turn(v, ctx)
  if v.fresh and earn.quested(ctx, 0) then quests.begin(quests_of(v), v.call.today) end
  limits.turn(v.visit_caps[1], v.call.minute)
  limits.turn(v.visit_caps[2], ctx.today)
  limits.turn(v.caps[1], v.call.today)
  if v.tier.rung == 0 then return end
  v.kept = growth.decide(v.ladders, v.tier, {
    thresholds = ctx.thresholds, policy = keeping(ctx), now = v.now, account = v.account, number = v.number,
  })
end

-- Multipliers in thousandths, together, and what a brown-out leaves of them.
function earn.stack(ctx, heat, campaign, tier, personal)
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

local RECEIPT = '>BBBBI4I4I4I4I2I2I2I2I2I2I6I4I6I4B'

local function receipt(v, packed)
  v.receipts[#v.receipts + 1] = packed
end

-- The receipt of something that earned nothing by a rule.
local function unearned(act, reason, units)
  return pack(RECEIPT, 0, act.action, reason, 1, act.seq, units, 0, 0, 1000, 1000, 1000, 1000, 1000, 0, 0, 0, 0, 0, 0)
end

-- The receipt of a task or quest: what it promised, what was paid.
local function of_task(act, t)
  return pack(RECEIPT, t.rule or TASK_RULE, TASK, t.reason, 1, act.seq, t.units or 1, t.counted or 0, t.base or 0, 1000, 1000, 1000, 1000, 1000,
    0, t.points or 0, t.growth or 0, 0, t.task, 0)
end

-- Credits points and growth; answers what the budget allowed and the growth gained.
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
  if growth_milli == 0 then return 0 end
  local gained = growth.add(v.tier, growth_milli)
  v.grown = v.grown + gained
  local rose, from = growth.promote(v.tier, ctx.thresholds)
  if rose then
    growth.begin_window(v.ladders, v.tier, keeping(ctx), v.now)
    v.promotions = v.promotions or {}
    v.promotions[#v.promotions + 1] = pack('>BBI2', v.tier.ladder, growth.rungs(from, v.tier.rung), v.tier.promotions)
  end
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

-- What is paid of an award that would pass the budget.
function earn.within(budget)
  return budget.whole and 0 or budget.left
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
  if budget.left and points > budget.left then points, reason, resets = earn.within(budget), budget.reason, 0 end
  if points > 0 and not lots.fits(v.wallet, rule.bucket, ctx.issuer, ctx.live, ctx.month) then
    return 0, REASON.wallet_full, 0
  end
  return points, reason, resets
end

-- Pays one rule; answers the receipt, and true where anything counted.
local function pay(v, ctx, rule, act, units)
  if v.account.flags % 2 == FROZEN_FLAG then
    return pack(RECEIPT, rule.no, act.action, REASON.frozen, rule.bucket, act.seq, units, 0, rule.base,
      1000, 1000, 1000, 1000, 1000, 0, 0, 0, 0, 0, 0), false
  end
  local count, reason, resets = through_caps(v, ctx, rule, units)
  if count == 0 then
    return pack(RECEIPT, rule.no, act.action, reason, rule.bucket, act.seq, units, 0, rule.base,
      1000, 1000, 1000, 1000, 1000, 0, 0, 0, resets, 0, 0), false
  end
  local stale = v.now > ctx.valid_until
  local heat = stale and 1000 or rule.heat
  local campaign = v.now < rule.campaign_until and rule.campaign or 1000
  local tier = ctx.factors[math.min(v.tier.rung + 1 + v.boost, #ctx.factors)] or 1000
  local multiplier = earn.stack(ctx, heat, campaign, tier, v.personal)
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
  local grown = credit(v, ctx, rule.bucket, points, rule.growth * count)
  return pack(RECEIPT, rule.no, act.action, reason, rule.bucket, act.seq, units, count, rule.base, heat, campaign, tier,
    v.personal, multiplier, carry, points, grown, resets, 0, (stale and 1 or 0) + (v.first and 2 or 0) + 4 * ctx.brownout_level), true
end

local function count_tasks(v, ctx, act, units)
  if v.account.flags % 2 == FROZEN_FLAG then return end
  for i = 1, #ctx.tasks do
    local task = ctx.tasks[i]
    if task.action == act.action and v.now >= task.starts and v.now < task.ends then
      local reached = progress.count(v.tasks, task, units, v.now)
      if reached and task.places then
        v.claims = v.claims or {}
        v.claims[#v.claims + 1] = pack('>I4I4I4I6', task.task, task.points, task.growth, v.now)
        receipt(v, of_task(act, {reason = REASON.task_pending, task = task.task}))
      elseif reached then
        earn.grant(v, ctx, act, task)
      end
    end
  end
end

-- A fixed award: what a task or quest promised is what it pays, without multipliers.
function earn.grant(v, ctx, act, task)
  local points, reason = task.points, REASON.earned
  local budget = v.call.budget
  if budget.left and points > budget.left then points, reason = earn.within(budget), budget.reason end
  if points > 0 and not lots.fits(v.wallet, 1, ctx.issuer, ctx.live, ctx.month) then
    points, reason = 0, REASON.wallet_full
  end
  if budget.left then budget.left = budget.left - points end
  local gained = credit(v, ctx, 1, points, task.growth * 1000)
  receipt(v, of_task(act, {
    reason = reason, base = task.points * 1000, points = points, growth = gained, counted = 1, task = task.task,
    rule = task.rule,
  }))
end

-- What a step pays: where it raises the tier, as much growth as the next one still needs.
local function promised(v, ctx, quest, step)
  local grows = step.growth
  local above = step.rungs > 0 and ctx.thresholds[v.tier.rung + 1 + step.rungs]
  if above then grows = math.min(math.max(grows, above - v.tier.growth), MOST_GROWTH) end
  return {task = quest.no, rule = QUEST_RULE, points = step.points, growth = grows}
end

-- Counts the action for every quest of it that is open to the viewer. `bare`: where the receipt stands which says that no
-- rule pays the action; that a quest counts it takes its place.
local function count_quests(v, ctx, act, units, bare)
  if not earn.quested(ctx, act.action) or v.account.flags % 2 == FROZEN_FLAG then return end
  local today = v.call.today
  local all, list = earn.quests(ctx, today), quests_of(v)
  local of_action = all.by_action[act.action]
  local told, done, opens = #v.receipts, false, 0
  for i = 1, #of_action do
    local quest = of_action[i]
    local who = {rung = v.tier.rung, live = ctx.live, category = act.p1}
    if quests.is_open(list, quest, all, today, who) then
      local row, reached = quests.count(list, quest, units, today)
      if not row then
        done = true
        if quests.is_daily(quest) then opens = v.call.today_ends end
      elseif #reached > 0 then
        for k = 1, #reached do earn.grant(v, ctx, act, promised(v, ctx, quest, reached[k])) end
      elseif act.action ~= LIKE and act.action ~= WATCH then
        local progress, goal = quests.standing(quest, row)
        receipt(v, of_task(act, {
          rule = QUEST_RULE, reason = REASON.progress, units = goal, counted = progress, task = quest.no,
        }))
      end
    end
  end
  if not bare then return end
  local reason = #v.receipts > told and REASON.progress or done and REASON.quest_done
  if not reason then return end
  v.receipts[bare] = pack(RECEIPT, 0, act.action, reason, 1, act.seq, units, 0, 0, 1000, 1000, 1000, 1000, 1000, 0, 0, 0,
    reason == REASON.quest_done and opens or 0, 0, 0)
end

-- All places were taken before this viewer's.
function earn.decline(v, act, task)
  receipt(v, of_task(act, {reason = REASON.task_full, task = task}))
end

local function warm(v, ctx, act, units)
  local weight = earn.weight(ctx, act.action)
  if weight == 0 or ctx.live == 0 or v.account.flags % 2 == FROZEN_FLAG then return end
  local granted = attention.heat(v.attention, ctx.live, v.now, weight * units, ctx.heat_most)
  v.heat = v.heat + granted
  v.heat_by[act.action] = (v.heat_by[act.action] or 0) + granted
end

-- Every rule of the action pays; where none does, the first says why. Answers whether one did.
local function settle(v, ctx, act, rules, units)
  local paid, first = false, nil
  for i = 1, #rules do
    local rule = rules[i]
    local per_units = floor(units / rule.per)
    local packed, counts = pay(v, ctx, rule, act, per_units)
    if counts then
      receipt(v, packed)
      paid = true
    end
    first = first or packed
  end
  if not paid then receipt(v, first or unearned(act, REASON.no_rule, units)) end
  return paid
end

-- The first purchase of an account has a factor of its own, once for ever, whether or not the rulebook had one then.
function earn.first_order(v, ctx, act, factor)
  local ever = v.caps[2]
  local first = limits.used(ever, FIRST_ORDER) == 0
  if first and factor > 1000 then v.first, v.personal = true, floor(v.personal * factor / 1000) end
  if earn.apply(v, ctx, act) and first then limits.add(ever, FIRST_ORDER, 1) end
end

-- The beat that reaches a goal is due when the goal is, so that the award comes on time.
function earn.meet_goals(clock, watch, ctx, now)
  if clock.due == 0 then return end
  local stretch = now - watch.credited_at > ctx.gap_ms and 0 or watch.continuous
  local rules = earn.rules(ctx, WATCH)
  for i = 1, #rules do
    local goal = rules[i].goal
    local reached = rules[i].goal_mode == 1 and stretch or watch.watched
    clock.due = math.min(clock.due, now + goal - reached % goal)
  end
end

-- How often a credit passed the rule's goal: `total` is what the visit watched before it, `before` what of it in one
-- stretch, `watched` and `after` the same behind it.
function earn.goals(rule, total, watched, before, after)
  if rule.goal_mode == 1 then return floor(after / rule.goal) - floor(before / rule.goal) end
  return floor(watched / rule.goal) - floor(total / rule.goal)
end

local function beat(v, ctx, act)
  local given, reason = attention.beat(v.attention, {
    session = v.session_nonce, live = ctx.live, nonce = act.p1, fresh = act.p2, visible = act.units == 1, now = v.now,
    phase = v.number % ctx.beat_ms, beat_ms = ctx.beat_ms, gap_ms = ctx.gap_ms,
  })
  receipt(v, pack(RECEIPT, 0, act.action, reason, 1, act.seq, given, given, 0, 1000, 1000, 1000, 1000, 1000, 0, 0, 0, 0, 0, 0))
  local clock = attention.clock(v.attention, v.session_nonce)
  if reason == REASON.watch_started then earn.meet_goals(clock, v.watch, ctx, v.now) end
  if given == 0 then return end
  local total = v.watch.watched
  local before, after = attention.watch(v.watch, given, v.now, ctx.gap_ms)
  local rules = earn.rules(ctx, WATCH)
  for i = 1, #rules do
    local reached = earn.goals(rules[i], total, v.watch.watched, before, after)
    if reached > 0 then
      local packed = pay(v, ctx, rules[i], act, reached)
      receipt(v, packed)
    end
  end
  earn.meet_goals(clock, v.watch, ctx, v.now)
  warm(v, ctx, act, 1)
  local seconds = floor(v.watch.watched / 1000) - floor(total / 1000)
  count_tasks(v, ctx, act, seconds)
  count_quests(v, ctx, act, seconds)
end

-- One action: seq, action, units, p1, p2 (what the action needs), refused (reason given by the gateway's gate). Answers
-- whether a rule paid.
function earn.apply(v, ctx, act)
  if act.action == WATCH then return beat(v, ctx, act) end
  local reason = act.refused
  if reason == 0 and (act.action == COMMENT or act.action == QUESTION) then
    reason = attention.comment(v.watch, act.p1, v.now, ctx.comment_ms)
  end
  if reason ~= 0 then
    receipt(v, unearned(act, reason, act.units))
    return false
  end
  warm(v, ctx, act, act.units)
  local rules, bare = earn.rules(ctx, act.action), #v.receipts + 1
  local paid = settle(v, ctx, act, rules, act.units)
  count_tasks(v, ctx, act, act.units)
  count_quests(v, ctx, act, act.units, #rules == 0 and bare)
  return paid
end

-- A count, then what was counted; nil is none.
local function counted(list)
  if not list then return NONE end
  return string.char(#list) .. table.concat(list)
end

-- The viewer's part of a journal element: version, time, count, entries.
earn.JOURNAL_VERSION = 3

function earn.entry(v, ctx)
  return pack('>I6I4I4I4I6I2I2I2', v.number, ctx.live, v.session_nonce, ctx.rulebook, v.account.changes, ctx.issuer,
    ctx.month, #v.receipts) .. table.concat(v.receipts) .. counted(v.promotions) .. counted(v.claims)
end
