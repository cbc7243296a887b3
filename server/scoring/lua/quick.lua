-- The commonest things without tables: actions of a viewer who was here before, each paid or capped by one rule, or a
-- heartbeat that pays nothing yet. The fixed parts of both records are read in one step each, changed as locals and written
-- back in one; the sections are carried along unopened, or changed where they stand. Where more is needed it answers nil and
-- has changed nothing, and earn.lua does it. It says what earn.lua says (quick.redis.test.ts plays histories through both).
local quick = {}
-- A block of its own: all fragments of a script share the 200 locals that Lua has room for.
do
local pack, parse, sub = struct.pack, struct.unpack, string.sub
local floor = math.floor

-- A viewer's work: account, context, session (start, nonce), personal, how many commands; then the commands. Most have one.
local WORK, COMMAND = '>I6BI6I4I2B', '>I4BI4I4I4B'
local WORK_OF_ONE, BYTES_OF_ONE = '>I6BI6I4I2BI4BI4I4I4B', 38
-- Version 2 without a flag.
local PLAIN = 512
-- All fixed parts, with neighbours read as one number where both together are exact: each value costs as much as ten bytes.
-- Together stand place and start of a session, both carries, place and brand (and month) of a lot, rung and promotions, rule
-- and units of a counter, place and live of heat; the day pass stays closed, because hardly anybody has one.
local ACCOUNT_PARTS = '>I2I6I7I4I4I4I6I2I6I4I5I6I3I4I6I3I6I2c7I4I4I5I5I4I4'
local VISIT_PARTS = '>I2I6I4I5I4I5I6'
local ACCOUNT, VISIT = ACCOUNT_PARTS .. 'c0', VISIT_PARTS .. 'c0'
local ACCOUNT_REST, VISIT_REST = record.ACCOUNT.fixed + 1, record.VISIT.fixed + 1
local TWO_BYTES, FOUR_BYTES, SIX_BYTES = 65536, 4294967296, 281474976710656
local NO_PASS = '\0\0\0\0\0\0\0'
-- What viewers.entry writes of one receipt, neither promotion nor claim, with zeros for what cannot be. First what all entries
-- of a plan and reason share (issuer, month, 1; rule, action, reason, bucket), then what all its receipts do.
local SAME, RATES = '>I2I2xBBBBB', '>I4I2I2'
local ENTRY = '>I6I4I4I4I6c0I4I4I4c0I6I2I6I4I6xxxxBxx'
local RECEIPTS, RECEIPT_BYTES = 31, 53
-- The head of one command, and where it tells heat and whether the action is one that warms.
local HEAD, COLD_HEAD = '>BBBI4BBI4', '>BBBI4B'
local HEAT, HEAT_AT = '>I4B', 4
local IS_COMMENT, WATCH = {[2] = true, [3] = true}, 4
local SPENDABLE, SESSION = 1, 2
local REASON = receipts.REASON

-- Tasks of the action that run now.
local function running(ctx, action, now)
  local tasks = {}
  for _, task in ipairs(ctx.tasks) do
    if task.action == action and now >= task.starts and now < task.ends then tasks[#tasks + 1] = task end
  end
  return tasks
end

-- The sections of a visit with units counted towards tasks, and with the comment remembered where `hash` is of one. Nil where
-- more than that happens.
local function with_sections(raw, call, ctx, tasks, units, hash)
  local l1, l2, _, a = parse('>I2I2I2', raw, VISIT_REST)
  local b = a + l1
  local c = b + l2
  local watch, done = sub(raw, b, c - 1), sub(raw, c)
  if hash then watch = attention.comment_in(watch, hash, call.now, ctx.comment_ms) end
  for i = 1, #tasks do done = done and progress.count_in(done, tasks[i], units) end
  return watch and done and sub(raw, VISIT_REST, b - 1) .. watch .. done
end

-- A heartbeat of a clock that is known: the sections of account and visit after it, the milliseconds that it was given, and
-- the reason. Nil where it reaches a goal that pays.
local function beat_in(account_raw, visit_raw, call, ctx, tasks, beat)
  local l1, l2, l3, l4, _, at = parse('>I2I2I2I2I2', account_raw, ACCOUNT_REST)
  local from = at + l1 + l2 + l3 + l4
  local a, row = attention.open_one(account_raw, from, beat.session)
  if not a then return nil end
  local v1, v2, _, section = parse('>I2I2I2', visit_raw, VISIT_REST)
  section = section + v1
  if v2 == 0 then return nil end
  local watch = attention.watched(visit_raw, section)
  local total = watch.watched
  local given, reason = attention.beat(a, beat)
  if given == 0 then
    if reason == REASON.watch_started then earn.meet_goals(a.clocks[1], watch, ctx, call.now) end
    return attention.seal_one(account_raw, ACCOUNT_REST, from, a, row), sub(visit_raw, VISIT_REST), given, reason
  end
  local before, after = attention.watch(watch, given, call.now, ctx.gap_ms)
  local rules = rooms.rules(ctx, WATCH)
  for i = 1, #rules do
    if earn.goals(rules[i], total, watch.watched, before, after) > 0 then return nil end
  end
  earn.meet_goals(a.clocks[1], watch, ctx, call.now)
  local done = sub(visit_raw, section + v2)
  local seconds = floor(watch.watched / 1000) - floor(total / 1000)
  for i = 1, #tasks do done = done and progress.count_in(done, tasks[i], seconds) end
  if not done then return nil end
  return attention.seal_one(account_raw, ACCOUNT_REST, from, a, row),
    sub(visit_raw, VISIT_REST, section - 1) .. attention.watched_in(visit_raw, section, section + v2 - 1, watch) .. done,
    given, reason
end

-- Tier, person and what they come to, of what pays nothing.
local NO_FACTORS = (1000 * TWO_BYTES + 1000) * TWO_BYTES + 1000
-- What a beat is paid by: nothing.
local NO_RULE = {
  no = 0, bucket = SPENDABLE, base = 0, growth = 0, per = 1, cap_minute = 0, cap_live = 0, cap_day = 0, cap_award = 0,
  cap_before = 0, heat = 1000, campaign_until = 0,
}

-- Units that a counter says of the rule whose own numbers begin at `own`, or nil where it is of another.
local function units_of(counter, own)
  local units = counter - own
  if units >= 0 and units < FOUR_BYTES then return units end
  if counter % FOUR_BYTES == 0 then return 0 end
end

-- By how many rungs a day pass raises now.
function quick.rungs_of(pass, now)
  local rungs, ends = parse('>BI6', pass)
  return now < ends and rungs or 0
end

-- Whether these points are the ones that reach a rung by points ever earned, or from which on the own rung needs no growth.
-- `since`: points ever earned as the fixed part has them, these among them.
function quick.crosses(policy, account_raw, rungs, since, points)
  local own, above = policy.points[floor(rungs / TWO_BYTES) + 1], policy.points[floor(rungs / TWO_BYTES) + 2]
  local l1, l2, _, _, _, at = parse('>I2I2I2I2I2', account_raw, ACCOUNT_REST)
  local ever = l2 > 0 and since + parse('>I6', account_raw, at + l1) or since
  return above and ever >= above or own and ever >= own and ever - points < own
end

-- Whether the quests of an action have nothing to do with this viewer.
function quick.is_idle(account_raw, asked, action, today, who)
  local l1, l2, l3, l4, l5, at = parse('>I2I2I2I2I2', account_raw, ACCOUNT_REST)
  return quests.is_idle(account_raw, at + l1 + l2 + l3 + l4 + l5, asked, action, today, who)
end

-- Works out once what is the same for all viewers of a call who do this action in this room. Answers a function that scores
-- one of them, or false where none of them can be scored here: the action has no rule, several, or one with a cap for ever.
--
-- That function answers head, account, visit and entry as score.lua does; spendable and session points; and how long the
-- visit is to be kept, nil where Redis was told within this minute. It answers nil, having changed nothing, where this viewer
-- needs more. `change` is by how much the change counters of both records rise. It is long because it is all locals: any
-- other function would have to be given most of them.
local function plan(call, ctx, action)
  local beats, rule = action == WATCH, NO_RULE
  if not beats then
    local rules = rooms.rules(ctx, action)
    if #rules ~= 1 or rules[1].cap_ever > 0 then return false end
    rule = rules[1]
  end
  if ctx.ended then return false end
  local other_ways = rooms.ways(ctx)
  local asked = rooms.quested(ctx, action) and rooms.quests(ctx, call.today)
  local now, minute, today, window, budget = call.now, call.minute, call.today, call.window, call.budget
  local live, issuer, room_today, daily_points = ctx.live, ctx.issuer, ctx.today, call.daily_points
  local bucket, spendable_lot, own = rule.bucket, TWO_BYTES * issuer + ctx.month, FOUR_BYTES * rule.no
  local of_session = bucket == SESSION
  local cap_minute, cap_live, cap_day = rule.cap_minute, rule.cap_live, rule.cap_day
  local weight = live > 0 and rooms.weight(ctx, action) or 0
  local tasks = running(ctx, action, now)
  local comments = IS_COMMENT[action] or false
  local opens = comments or #tasks > 0
  local stale = now > ctx.valid_until
  local paid_flags = (stale and 1 or 0) + 4 * ctx.brownout_level
  local heat, campaign = stale and 1000 or rule.heat, now < rule.campaign_until and rule.campaign or 1000
  local unrated, rated = pack(RATES, rule.base, 1000, 1000), pack(RATES, rule.base, heat, campaign)
  -- Made when first needed: beginnings of entries by reason, heads by the heat they tell, multipliers by tier and person.
  local begins, heads, multipliers = {}, {}, {}
  local function begin(reason)
    begins[reason] = pack(SAME, issuer, ctx.month, 1, rule.no, action, reason, bucket)
    return begins[reason]
  end
  -- The answer to one applied command that brought so much heat; -1 where it is none that warms.
  local function head(heat)
    heads[heat] = heat >= 0 and pack(HEAD, 0, 1, 0, heat, 1, action, heat) or pack(COLD_HEAD, 0, 1, 0, 0, 0)
    return heads[heat]
  end

  return function(number, start, nonce, personal, seq, amount, p1, p2, account_raw, visit_raw, change)
    local account_kind, changes, session, session_nonce, high, mask, _, _, issued, carries, a_lot, a_points, b_lot, b_live,
      b_points, rungs, grown, growth_carry, pass, day, points_today, day_units, heat_at, heat_window, heat_spent =
      parse(ACCOUNT_PARTS, account_raw)
    if account_kind ~= PLAIN or session < SIX_BYTES or session % SIX_BYTES ~= start or session_nonce ~= nonce
      or seq <= high then
      return nil
    end
    local visit_kind, visit_changes, visit_minute, minute_units, room_day, room_units, earned = parse(VISIT_PARTS, visit_raw)
    if visit_kind ~= PLAIN then return nil end

    if asked and not quick.is_idle(account_raw, asked, action, today, {rung = floor(rungs / TWO_BYTES), live = live, category = p1}) then
      return nil
    end

    -- Windows that are over begin anew; the counters in their sections are of the old ones, and say so.
    local ttl
    if visit_minute < minute then visit_minute, minute_units, ttl = minute, 0, ctx.visit_ttl_ms end
    if room_day < room_today then room_day, room_units = room_today, 0 end
    if day < today then
      -- With the day a rung may be over, or be reached by what a server gave.
      if rungs >= TWO_BYTES or other_ways then return nil end
      day, points_today, day_units = today, 0, 0
    end

    local units, count, reason, resets, account_rest, visit_rest = amount, amount, 0, 0, nil, nil
    local minute_own, room_own, day_own
    local warms, rates, factors, carry, points, gained, flags = true, unrated, NO_FACTORS, 0, 0, 0, 0
    if beats then
      account_rest, visit_rest, units, reason = beat_in(account_raw, visit_raw, call, ctx, tasks, {
        session = nonce, live = live, nonce = p1, fresh = p2, visible = amount == 1, now = now,
        phase = number % ctx.beat_ms, beat_ms = ctx.beat_ms, gap_ms = ctx.gap_ms,
      })
      if not account_rest then return nil end
      count, amount, warms = units, 1, units > 0
    else
      -- Caps on units. Another rule's counter at the fixed place means a look into the section.
      if rule.per > 1 then units = floor(amount / rule.per) end
      count = units
      if cap_minute > 0 then
        minute_own = units_of(minute_units, own)
        if not minute_own then return nil end
        local left = cap_minute - minute_own
        if left < 0 then left = 0 end
        if left < count then count, reason, resets = left, REASON.minute_cap, call.minute_ends end
      end
      if cap_live > 0 then
        room_own = units_of(room_units, own)
        if not room_own then return nil end
        local left = cap_live - room_own
        if left < 0 then left = 0 end
        if left < count then count, reason, resets = left, REASON.live_cap, ctx.today_ends end
      end
      if cap_day > 0 then
        day_own = units_of(day_units, own)
        if not day_own then return nil end
        local left = cap_day - day_own
        if left < 0 then left = 0 end
        if left < count then count, reason, resets = left, REASON.daily_cap, call.today_ends end
      end
    end

    local brought = -1
    if weight > 0 and warms then
      if heat_at % FOUR_BYTES ~= live then return nil end
      if heat_window < window then heat_window, heat_spent = window, 0 end
      brought = weight * amount
      if brought > ctx.heat_most - heat_spent then brought = ctx.heat_most - heat_spent end
      if brought < 0 then brought = 0 end
      heat_spent = heat_spent + brought
    end

    if count > 0 and not beats then
      rates, flags = rated, paid_flags
      local rung = floor(rungs / TWO_BYTES)
      local step = rung + 1
      if pass ~= NO_PASS then step = step + quick.rungs_of(pass, now) end
      local tier = ctx.factors[step] or ctx.factors[#ctx.factors] or 1000
      local of_viewer = TWO_BYTES * tier + personal
      local multiplier = multipliers[of_viewer]
      if not multiplier then
        multiplier = awards.stack(ctx, heat, campaign, tier, personal)
        multipliers[of_viewer] = multiplier
      end
      factors = TWO_BYTES * of_viewer + multiplier
      carry = of_session and carries % TWO_BYTES or floor(carries / TWO_BYTES)
      local base, award, cap_before = rule.base * count, rule.cap_award, rule.cap_before == 1
      if cap_before and award > 0 and base > award * 1000 then base, reason, resets = award * 1000, REASON.award_cap, 0 end
      local milli = floor(base * multiplier / 1000) + carry
      local left_over = milli % 1000
      points = (milli - left_over) / 1000

      -- Caps on amounts.
      local whole = points
      if award > 0 and not cap_before and points > award then points, reason, resets = award, REASON.award_cap, 0 end
      if daily_points > 0 then
        local left = daily_points - points_today
        if left < 0 then left = 0 end
        if points > left then points, reason, resets = left, REASON.daily_points, call.today_ends end
      end
      local allowed = budget.left
      if allowed and points > allowed then points, reason, resets = awards.within(budget), budget.reason, 0 end

      -- The points must have their lot at the fixed place, and the growth stay on its rung.
      if points > 0 then
        if of_session then
          if b_lot < TWO_BYTES or b_lot % TWO_BYTES ~= issuer or b_live ~= live then return nil end
          b_points = b_points + points
        else
          if a_lot < FOUR_BYTES or a_lot % FOUR_BYTES ~= spendable_lot then return nil end
          a_points = a_points + points
        end
        issued, earned = issued + points, earned + points
        if daily_points >= 0 then points_today = points_today + points end
      end
      if rule.growth > 0 then
        local growth_milli = rule.growth * count + growth_carry
        growth_carry = growth_milli % 1000
        gained = (growth_milli - growth_carry) / 1000
        grown = grown + gained
        local next_rung = ctx.thresholds[rung + 2]
        if next_rung and grown >= next_rung then return nil end
      end
      if points ~= whole then left_over = 0 end
      carries = carries + (left_over - carry) * (of_session and 1 or TWO_BYTES)
      if cap_minute > 0 then minute_units = own + minute_own + count end
      if cap_live > 0 then room_units = own + room_own + count end
      if cap_day > 0 then day_units = own + day_own + count end
    end

    if opens and not beats then
      visit_rest = with_sections(visit_raw, call, ctx, tasks, amount, comments and p1)
      if not visit_rest then return nil end
    end

    if other_ways and quick.crosses(other_ways, account_raw, rungs, issued, points) then return nil end

    -- From here on nothing can come between.
    if points > 0 and budget.left then budget.left = budget.left - points end
    changes = changes + change
    local account = pack(ACCOUNT, PLAIN, changes, session, nonce, seq, sessions.moved(mask, seq - high), now, call.gateway,
      issued, carries, a_lot, a_points, b_lot, b_live, b_points, rungs, grown, growth_carry, pass,
      day, points_today, day_units, heat_at, heat_window, heat_spent, account_rest or sub(account_raw, ACCOUNT_REST))
    local visit = pack(VISIT, PLAIN, visit_changes + change, visit_minute, minute_units, room_day, room_units, earned,
      visit_rest or sub(visit_raw, VISIT_REST))
    local entry = pack(ENTRY, number, live, nonce, ctx.rulebook, changes, begins[reason] or begin(reason), seq, units, count,
      rates, factors, carry, points, gained, resets, flags)
    local told = heads[brought] or head(brought)
    if of_session then return told, account, visit, entry, 0, points, ttl end
    return told, account, visit, entry, points, 0, ttl
  end
end

local function plan_for(call, ctx, action)
  local plans = ctx.plans
  if plans[action] == nil then plans[action] = plan(call, ctx, action) end
  return plans[action]
end

-- Several commands of one viewer, one after the other, as one change: answers what a plan answers, with the receipts of all.
local function several(call, contexts, works, from, account, visit)
  local number, context, start, nonce, personal, commands, at = parse(WORK, works, from)
  local ctx, left = contexts[context], call.budget.left
  local entry, receipts, heat, actions, by_action, ttl = '', '', 0, {}, {}, nil
  local spendable, of_session = 0, 0
  for k = 1, commands do
    local seq, action, amount, p1, p2, refused
    seq, action, amount, p1, p2, refused, at = parse(COMMAND, works, at)
    local done_by, head, points, session_points, kept = refused == 0 and plan_for(call, ctx, action), nil, 0, 0, nil
    if done_by then
      head, account, visit, entry, points, session_points, kept =
        done_by(number, start, nonce, personal, seq, amount, p1, p2, account, visit, k == 1 and 1 or 0)
    end
    if not head then
      call.budget.left = left
      return nil
    end
    receipts, ttl = receipts .. sub(entry, RECEIPTS, RECEIPTS + RECEIPT_BYTES - 1), ttl or kept
    spendable, of_session = spendable + points, of_session + session_points
    local brought, warmed = parse(HEAT, head, HEAT_AT)
    if warmed > 0 then
      if not by_action[action] then actions[#actions + 1] = action end
      heat, by_action[action] = heat + brought, (by_action[action] or 0) + brought
    end
  end
  local by = ''
  for i = 1, #actions do by = by .. pack('>BI4', actions[i], by_action[actions[i]]) end
  local head = pack('>BB', 0, commands) .. string.rep('\0', commands) .. pack('>I4B', heat, #actions) .. by
  return head, account, visit, sub(entry, 1, RECEIPTS - 3) .. pack('>I2', commands) .. receipts .. '\0\0', spendable,
    of_session, ttl
end

-- `works` holds the viewer's from `from` on.
function quick.score(call, contexts, works, from, account_raw, visit_raw)
  if #works < from + BYTES_OF_ONE - 1 or not account_raw or not visit_raw then return nil end
  if #account_raw < ACCOUNT_REST or #visit_raw < VISIT_REST then return nil end
  local number, context, start, nonce, personal, commands, seq, action, amount, p1, p2, refused =
    parse(WORK_OF_ONE, works, from)
  if commands > 1 then return several(call, contexts, works, from, account_raw, visit_raw) end
  if commands == 0 or refused ~= 0 then return nil end
  local done_by = plan_for(call, contexts[context], action)
  if not done_by then return nil end
  return done_by(number, start, nonce, personal, seq, amount, p1, p2, account_raw, visit_raw, 1)
end
end
