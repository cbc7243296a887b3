-- A room as scoring sees it: live, days, rules, tasks and quests, as compile.ts writes them. Knows rules as numbers only.
local rooms = {}
do
local parse, byte, floor = struct.unpack, string.byte, math.floor
local RULE, RULE_BYTES = '>BBBBBI4I4I4I4I2I2I6I4I4I4I4I4', 51
local WEIGHT_BYTES = 5

-- A room as scoring sees it at a time. The order of fields is that of compile.ts.
function rooms.read(raw, now)
  -- `plans` are what quick.lua makes of the rules, by action.
  local c, at = {plans = {}}, nil
  c.live, c.issuer, c.rulebook, c.valid_until, c.stacking, c.ceiling, c.beat_ms, c.gap_ms, c.comment_ms, at =
    parse('>I4I2I4I6BI2I4I4I4', raw)
  local next_month, month_ends, day, day_ends, next_day_ends, visit_ttl
  c.heat_most, c.month, next_month, month_ends, day, day_ends, next_day_ends, visit_ttl, at =
    parse('>I4I2I2I6I4I6I6I4', raw, at)
  if now >= month_ends then c.month = next_month end
  c.today, c.today_ends = calls.day(now, day, day_ends, next_day_ends)
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
  -- Behind it stand the ways to a rung beside growth; most ladders have none.
  c.ways_at = c.keep_at + growth.POLICY_BYTES + 6 * #c.thresholds
  return c
end

-- Whether a quest counts the action.
function rooms.quested(ctx, action)
  return floor(ctx.quest_actions / 2 ^ action) % 2 == 1
end

-- The room's quests, opened when the first viewer of a call does what one counts.
function rooms.quests(ctx, today)
  ctx.quests = ctx.quests or quests.compiled(ctx.raw, ctx.quests_at, today > ctx.quest_day)
  return ctx.quests
end

-- How rungs are kept, opened when the first viewer of a call has one.
function rooms.keeping(ctx)
  ctx.keep = ctx.keep or growth.policy(ctx.raw, ctx.keep_at)
  return ctx.keep
end

-- The ways to a rung beside growth, or nil of a ladder without them.
function rooms.ways(ctx)
  if #ctx.raw < ctx.ways_at then return nil end
  ctx.ways = ctx.ways or ways.policy(ctx.raw, ctx.ways_at, #ctx.thresholds)
  return ctx.ways
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
function rooms.rules(ctx, action)
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
function rooms.weight(ctx, action)
  local raw, at = ctx.raw, ctx.weights_at
  for from = at, at + WEIGHT_BYTES * (byte(raw, at - 1) - 1), WEIGHT_BYTES do
    if byte(raw, from) == action then return (parse('>I4', raw, from + 1)) end
  end
  return 0
end
end
