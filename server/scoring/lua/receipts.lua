-- Receipts as journals hold them: what was done, what was paid and why, in the layout that receipts.ts reads.
local receipts = {}
do
local pack = struct.pack
-- Rule, action, reason, bucket; seq, units, counted, base; heat, campaign, tier, person and what they come to, carry; points,
-- growth, when it opens, task, flags.
local LAYOUT = '>BBBBI4I4I4I4I2I2I2I2I2I2I6I4I6I4B'
receipts.LAYOUT = LAYOUT
local TASK, TASK_RULE = 17, 250
receipts.REASON = {
  earned = 0, progress = 1, no_rule = 2, minute_cap = 3, live_cap = 4, daily_cap = 5, daily_points = 6,
  once_only = 7, award_cap = 8, budget = 9, frozen = 10, wallet_full = 12, issuance_cap = 13, watch_started = 30,
  task_pending = 40, task_full = 41, quest_done = 42,
}

function receipts.add(v, packed)
  v.receipts[#v.receipts + 1] = packed
end

-- Of something that earned nothing by a rule; `opens` where it is known when it will.
function receipts.unearned(act, reason, units, opens)
  return pack(LAYOUT, 0, act.action, reason, 1, act.seq, units, 0, 0, 1000, 1000, 1000, 1000, 1000, 0, 0, 0, opens or 0, 0, 0)
end

-- Of something that a rule would have paid, but for the reason.
function receipts.refused(act, rule, reason, units, opens)
  return pack(LAYOUT, rule.no, act.action, reason, rule.bucket, act.seq, units, 0, rule.base,
    1000, 1000, 1000, 1000, 1000, 0, 0, 0, opens, 0, 0)
end

-- Of a heartbeat that was given so many milliseconds.
function receipts.beat(act, reason, given)
  return pack(LAYOUT, 0, act.action, reason, 1, act.seq, given, given, 0, 1000, 1000, 1000, 1000, 1000, 0, 0, 0, 0, 0, 0)
end

-- Of a task or quest: what it promised, what was paid.
function receipts.of_task(act, t)
  return pack(LAYOUT, t.rule or TASK_RULE, TASK, t.reason, 1, act.seq, t.units or 1, t.counted or 0, t.base or 0, 1000, 1000, 1000, 1000, 1000,
    0, t.points or 0, t.growth or 0, 0, t.task, 0)
end
end
