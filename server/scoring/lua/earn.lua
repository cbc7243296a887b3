-- What one action of one viewer earns. Reads and computes; the scripts that include it do the writing.
local earn = {}
do
local pack, floor = struct.pack, math.floor
local LIKE, COMMENT, QUESTION, WATCH = 1, 2, 3, 4
local QUEST_RULE = 249
-- Of one receipt.
local MOST_GROWTH = 4294967295
-- Not a rule: counts with the caps for ever that there was a purchase.
local FIRST_ORDER = 251
local REASON = receipts.REASON

local function count_tasks(v, ctx, act, units)
  if v.frozen then return end
  for i = 1, #ctx.tasks do
    local task = ctx.tasks[i]
    if task.action == act.action and v.now >= task.starts and v.now < task.ends then
      local reached = progress.count(v.tasks, task, units, v.now)
      if reached and task.places then
        v.claims = v.claims or {}
        v.claims[#v.claims + 1] = pack('>I4I4I4I6', task.task, task.points, task.growth, v.now)
        receipts.add(v, receipts.of_task(act, {reason = REASON.task_pending, task = task.task}))
      elseif reached then
        awards.grant(v, ctx, act, task)
      end
    end
  end
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
  if not rooms.quested(ctx, act.action) or v.frozen then return end
  local today = v.call.today
  local all, list = rooms.quests(ctx, today), viewers.quests(v)
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
        for k = 1, #reached do awards.grant(v, ctx, act, promised(v, ctx, quest, reached[k])) end
      elseif act.action ~= LIKE and act.action ~= WATCH then
        local progress, goal = quests.standing(quest, row)
        receipts.add(v, receipts.of_task(act, {
          rule = QUEST_RULE, reason = REASON.progress, units = goal, counted = progress, task = quest.no,
        }))
      end
    end
  end
  if not bare then return end
  local reason = #v.receipts > told and REASON.progress or done and REASON.quest_done
  if not reason then return end
  v.receipts[bare] = receipts.unearned(act, reason, units, reason == REASON.quest_done and opens or 0)
end

-- All places were taken before this viewer's.
function earn.decline(v, act, task)
  receipts.add(v, receipts.of_task(act, {reason = REASON.task_full, task = task}))
end

local function warm(v, ctx, act, units)
  local weight = rooms.weight(ctx, act.action)
  if weight == 0 or ctx.live == 0 or v.frozen then return end
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
    local packed, counts = awards.pay(v, ctx, rule, act, per_units)
    if counts then
      receipts.add(v, packed)
      paid = true
    end
    first = first or packed
  end
  if not paid then receipts.add(v, first or receipts.unearned(act, REASON.no_rule, units)) end
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
  local rules = rooms.rules(ctx, WATCH)
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
  receipts.add(v, receipts.beat(act, reason, given))
  local clock = attention.clock(v.attention, v.session_nonce)
  if reason == REASON.watch_started then earn.meet_goals(clock, v.watch, ctx, v.now) end
  if given == 0 then return end
  local total = v.watch.watched
  local before, after = attention.watch(v.watch, given, v.now, ctx.gap_ms)
  local rules = rooms.rules(ctx, WATCH)
  for i = 1, #rules do
    local reached = earn.goals(rules[i], total, v.watch.watched, before, after)
    if reached > 0 then
      local packed = awards.pay(v, ctx, rules[i], act, reached)
      receipts.add(v, packed)
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
    receipts.add(v, receipts.unearned(act, reason, act.units))
    return false
  end
  warm(v, ctx, act, act.units)
  local rules, bare = rooms.rules(ctx, act.action), #v.receipts + 1
  local paid = settle(v, ctx, act, rules, act.units)
  count_tasks(v, ctx, act, act.units)
  count_quests(v, ctx, act, act.units, #rules == 0 and bare)
  return paid
end
end
