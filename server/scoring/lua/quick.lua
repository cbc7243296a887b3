-- The commonest thing without tables: one action of a viewer who was here before, paid or capped by one rule. The fixed
-- parts of both records are read in one step each, changed as locals and written back in one; the sections are carried
-- along unopened. Where more is needed it answers nil and has changed nothing, and earn.lua does it. It says what earn.lua
-- says (quick.redis.test.ts plays histories through both).
local quick = {}
local pack, parse, sub = struct.pack, struct.unpack, string.sub
local floor, max, min = math.floor, math.max, math.min

-- A viewer's work with one command: account, context, session (start, nonce), personal, 1; then the command.
local WORK, WORK_BYTES = '>I6BI6I4I2BI4BI4I4I4B', 38
-- Version 2 without a flag.
local PLAIN = 512
local ACCOUNT_PARTS = '>I2I6' .. sessions.FIXED .. lots.FIXED .. growth.FIXED .. limits.FIXED_DAY .. attention.FIXED
local VISIT_PARTS = '>I2I6' .. limits.FIXED .. limits.FIXED .. attention.VISIT_FIXED
local ACCOUNT, VISIT = ACCOUNT_PARTS .. 'c0', VISIT_PARTS .. 'c0'
local ACCOUNT_REST, VISIT_REST = record.ACCOUNT.fixed + 1, record.VISIT.fixed + 1
-- One receipt of a rule, neither promotion nor claim: what earn.entry writes, with zeros for what cannot be.
local ENTRY = '>I6I4I4I4I6I2I2xB' .. 'BBBBI4I4I4I4I2I2I2I2I2I2I6I4I6xxxxB' .. 'xx'
local HEAD, COLD_HEAD = '>BBBI4BBI4', '>BBBI4B'
local COMMENT, QUESTION, WATCH = 2, 3, 4
local SESSION = 2
local MINUTE_CAP, LIVE_CAP, DAILY_CAP, DAILY_POINTS, AWARD_CAP, BUDGET = 3, 4, 5, 6, 8, 9

-- What is the same for all viewers of a call who do this here; false where it needs more than one rule without a goal.
local function plan_of(call, ctx, action)
  local rules = ctx.rules[action]
  if ctx.ended or action == WATCH or not rules or #rules ~= 1 or rules[1].cap_ever > 0 then return false end
  local rule = rules[1]
  local stale = call.now > ctx.valid_until
  local tasks, comments = {}, action == COMMENT or action == QUESTION
  for _, task in ipairs(ctx.tasks) do
    if task.action == action and call.now >= task.starts and call.now < task.ends then tasks[#tasks + 1] = task end
  end
  return {
    rule = rule, flags = stale and 1 or 0, heat = stale and 1000 or rule.heat,
    campaign = call.now < rule.campaign_until and rule.campaign or 1000,
    weight = ctx.live > 0 and ctx.weights[action] or 0, heads = {},
    tasks = tasks, comments = comments, opens = comments or #tasks > 0,
  }
end

-- The sections of a visit with a comment remembered and tasks counted, or nil where that is not all that happens.
local function with_sections(raw, call, ctx, plan, hash, units)
  local l1, l2, l3, a = parse('>I2I2I2', raw, VISIT_REST)
  local b = a + l1
  local c = b + l2
  local watch, tasks = sub(raw, b, c - 1), sub(raw, c)
  if plan.comments then watch = attention.comment_in(watch, hash, call.now, ctx.comment_ms) end
  for _, task in ipairs(plan.tasks) do tasks = tasks and progress.count_in(tasks, task, units) end
  if not watch or not tasks then return nil end
  return pack('>I2I2I2', l1, l2, l3) .. sub(raw, a, b - 1) .. watch .. tasks
end

-- The answer to one applied command, which says what heat it brought.
local function head_of(plan, action, granted)
  local head = plan.heads[granted]
  if not head then
    head = plan.weight > 0 and pack(HEAD, 0, 1, 0, granted, 1, action, granted) or pack(COLD_HEAD, 0, 1, 0, 0, 0)
    plan.heads[granted] = head
  end
  return head
end

-- Head, account, visit and entry as score.lua answers them; the points and their bucket; how long the visit is kept, nil
-- where it was told within this minute. Long because it is all locals: a function would have to be given most of them.
function quick.score(call, contexts, work, account_raw, visit_raw)
  if #work ~= WORK_BYTES or not account_raw or not visit_raw then return nil end
  if #account_raw < ACCOUNT_REST or #visit_raw < VISIT_REST then return nil end
  local number, context, start, nonce, personal, _, seq, action, amount, hash, _, refused = parse(WORK, work)
  local ctx = contexts[context]
  local plan = ctx.plans[action]
  if plan == nil then
    plan = plan_of(call, ctx, action)
    ctx.plans[action] = plan
  end
  if not plan or refused ~= 0 then return nil end
  local rule, now = plan.rule, call.now
  local no = rule.no

  local account_kind, changes, session_place, session_start, session_nonce, high, mask, _, _,
    issued, spendable_carry, session_carry, a_place, a_issuer, a_month, a_points, b_place, b_issuer, b_live, b_points,
    rung, promotions, grown, growth_carry, pass, pass_ends,
    day, today, day_no, day_units, heat_place, heat_live, heat_window, heat_spent = parse(ACCOUNT_PARTS, account_raw)
  if account_kind ~= PLAIN or session_place == 0 or session_start ~= start or session_nonce ~= nonce or seq <= high then
    return nil
  end
  local visit_kind, visit_changes, minute, minute_no, minute_units, room_day, room_no, room_units, earned =
    parse(VISIT_PARTS, visit_raw)
  if visit_kind ~= PLAIN then return nil end

  -- Windows that are over begin anew; the counters in their sections are of the old ones, and say so.
  local ttl
  if minute < call.minute then minute, minute_no, minute_units, ttl = call.minute, 0, 0, ctx.visit_ttl_ms end
  if room_day < ctx.today then room_day, room_no, room_units = ctx.today, 0, 0 end
  if day < call.today then day, today, day_no, day_units = call.today, 0, 0, 0 end

  local granted = 0
  if plan.weight > 0 then
    if heat_live ~= ctx.live then return nil end
    if heat_window < call.window then heat_window, heat_spent = call.window, 0 end
    granted = max(0, min(plan.weight * amount, ctx.heat_most - heat_spent))
    heat_spent = heat_spent + granted
  end

  -- Caps on units. Another rule's counter at the fixed place means a look into the section.
  local units = floor(amount / rule.per)
  local count, reason, resets = units, 0, 0
  local by_minute, by_live, by_day = rule.cap_minute > 0, rule.cap_live > 0, rule.cap_day > 0
  if by_minute then
    if minute_no ~= no and minute_units > 0 then return nil end
    local left = max(0, rule.cap_minute - minute_units)
    if left < count then count, reason, resets = left, MINUTE_CAP, call.minute_ends end
  end
  if by_live then
    if room_no ~= no and room_units > 0 then return nil end
    local left = max(0, rule.cap_live - room_units)
    if left < count then count, reason, resets = left, LIVE_CAP, ctx.today_ends end
  end
  if by_day then
    if day_no ~= no and day_units > 0 then return nil end
    local left = max(0, rule.cap_day - day_units)
    if left < count then count, reason, resets = left, DAILY_CAP, call.today_ends end
  end

  local heat, campaign, tier, factor, multiplier, carry, points, gained, flags = 1000, 1000, 1000, 1000, 1000, 0, 0, 0, 0
  local of_session = rule.bucket == SESSION
  local budget = call.budget
  if count > 0 then
    heat, campaign, factor, flags = plan.heat, plan.campaign, personal, plan.flags
    tier = ctx.factors[min(rung + 1 + (now < pass_ends and pass or 0), #ctx.factors)] or 1000
    multiplier = earn.stack(ctx, heat, campaign, tier, factor)
    carry = of_session and session_carry or spendable_carry
    local base, award = rule.base * count, rule.cap_award
    if rule.cap_before == 1 and award > 0 and base > award * 1000 then
      base, reason, resets = award * 1000, AWARD_CAP, 0
    end
    local milli = floor(base * multiplier / 1000) + carry
    local whole = floor(milli / 1000)

    -- Caps on amounts.
    points = whole
    if award > 0 and rule.cap_before == 0 and points > award then points, reason, resets = award, AWARD_CAP, 0 end
    if call.daily_points > 0 then
      local left = max(0, call.daily_points - today)
      if points > left then points, reason, resets = left, DAILY_POINTS, call.today_ends end
    end
    if budget.left and points > budget.left then points, reason, resets = earn.within(budget), BUDGET, 0 end

    -- The points must have their lot at the fixed place, and the growth stay on its rung.
    if points > 0 then
      if of_session then
        if b_place == 0 or b_live ~= ctx.live or b_issuer ~= ctx.issuer then return nil end
        b_points = b_points + points
      else
        if a_place == 0 or a_month ~= ctx.month or a_issuer ~= ctx.issuer then return nil end
        a_points = a_points + points
      end
      issued, earned = issued + points, earned + points
      if call.daily_points >= 0 then today = today + points end
    end
    if rule.growth > 0 then
      local growth_milli = rule.growth * count + growth_carry
      gained = floor(growth_milli / 1000)
      grown, growth_carry = grown + gained, growth_milli % 1000
      local next_rung = ctx.thresholds[rung + 2]
      if next_rung and grown >= next_rung then return nil end
    end
    local left_over = points == whole and milli % 1000 or 0
    if of_session then session_carry = left_over else spendable_carry = left_over end
    if by_minute then minute_no, minute_units = no, minute_units + count end
    if by_live then room_no, room_units = no, room_units + count end
    if by_day then day_no, day_units = no, day_units + count end
  end

  local visit_rest
  if plan.opens then
    visit_rest = with_sections(visit_raw, call, ctx, plan, hash, amount)
    if not visit_rest then return nil end
  else
    visit_rest = sub(visit_raw, VISIT_REST)
  end

  -- From here on nothing can come between.
  if budget.left then budget.left = budget.left - points end
  local account = pack(ACCOUNT, PLAIN, changes + 1, session_place, start, nonce, seq, sessions.moved(mask, seq - high),
    now, call.gateway, issued, spendable_carry, session_carry, a_place, a_issuer, a_month, a_points,
    b_place, b_issuer, b_live, b_points, rung, promotions, grown, growth_carry, pass, pass_ends,
    day, today, day_no, day_units, heat_place, heat_live, heat_window, heat_spent, sub(account_raw, ACCOUNT_REST))
  local visit = pack(VISIT, PLAIN, visit_changes + 1, minute, minute_no, minute_units, room_day, room_no, room_units,
    earned, visit_rest)
  local entry = pack(ENTRY, number, ctx.live, nonce, ctx.rulebook, changes + 1, ctx.issuer, ctx.month, 1,
    no, action, reason, rule.bucket, seq, units, count, rule.base, heat, campaign, tier, factor, multiplier, carry,
    points, gained, resets, flags)
  return head_of(plan, action, granted), account, visit, entry, points, rule.bucket, ttl
end
