-- How far an account is in the quests of the rulebook.
-- An extra of the account's record, which only those have who did what a quest counts, or who began while there was a quest
-- for the new: the day on which the account began (0 is not known), count, then (quest, period, progress, paid) each.
-- `period` is the number of the day or week that progress is of, of a streak its last day. `paid` are steps that were
-- reached in it; of a streak that ends, ever.
local quests = {TAG = 1}
-- A block of its own: all fragments of a script share the 200 locals that Lua has room for.
do
local pack, parse, floor = struct.pack, struct.unpack, math.floor
local HEAD, ROW = '>I4B', '>BI4I4B'
-- As compile.ts writes them.
local QUEST, STEP = '>BBBBBBI2BI4BBB', '>I4I4I4B'
local DAY, WEEK, ONCE, STREAK = 1, 2, 3, 4
local END, AGAIN = 1, 2

-- The quests of a compiled context, all and by action. `ahead`: the day after the one for which it was compiled.
function quests.compiled(raw, at, ahead)
  local all, count = {by_action = {}, by_no = {}}, string.byte(raw, at)
  at = at + 1
  for _ = 1, count do
    local q, percent, percent_ahead, steps = {steps = {}}, nil, nil, nil
    q.no, q.action, q.period, q.cycle, q.in_room, q.rung, q.new_days, q.needs, q.category, percent, percent_ahead, steps, at =
      parse(QUEST, raw, at)
    if ahead then percent = percent_ahead end
    for i = 1, steps do
      local step = {}
      step.goal, step.points, step.growth, step.rungs, at = parse(STEP, raw, at)
      if step.points > 0 then step.points = math.max(1, floor(step.points * percent / 100)) end
      q.steps[i] = step
    end
    q.last = q.steps[steps].goal
    local of_action = all.by_action[q.action] or {}
    of_action[#of_action + 1] = q
    all.by_action[q.action], all.by_no[q.no] = of_action, q
  end
  return all
end

function quests.read(raw)
  local list = {began = 0, changed = false}
  if raw == '' then return list end
  local count, at
  list.began, count, at = parse(HEAD, raw)
  for i = 1, count do
    local row = {}
    row.quest, row.period, row.progress, row.paid, at = parse(ROW, raw, at)
    list[i] = row
  end
  return list
end

function quests.write(list)
  local out = pack(HEAD, list.began, #list)
  for i = 1, #list do
    local row = list[i]
    out = out .. pack(ROW, row.quest, row.period, row.progress, row.paid)
  end
  return out
end

-- The account begins on this day.
function quests.begin(list, today)
  list.began, list.changed = today, true
end

local function row_of(list, no)
  for i = 1, #list do
    if list[i].quest == no then return list[i] end
  end
end

local function add_row(list, no, period)
  local row = {quest = no, period = period, progress = 0, paid = 0}
  list[#list + 1] = row
  return row
end

-- Number of the day or week; weeks begin on Monday, and day 0 was a Thursday.
local function period_of(quest, today)
  if quest.period == WEEK then return floor((today + 3) / 7) end
  return quest.period == ONCE and 0 or today
end

-- Whether nothing more is to be had of it for now.
function quests.is_done(list, quest, today)
  local row = row_of(list, quest.no)
  if not row then return false end
  if quest.period == STREAK and quest.cycle ~= END then return row.period >= today end
  if quest.period == STREAK then return row.paid >= #quest.steps or row.period >= today end
  return row.period >= period_of(quest, today) and row.paid >= #quest.steps
end

-- Whether it is for this viewer, here and now. `who`: rung, live, category of what was bought.
function quests.is_open(list, quest, all, today, who)
  if who.rung < quest.rung or (quest.in_room == 1 and who.live == 0) then return false end
  if quest.category > 0 and quest.category ~= who.category then return false end
  if quest.new_days > 0 and (list.began == 0 or today - list.began >= quest.new_days) then return false end
  local first = quest.needs > 0 and all.by_no[quest.needs]
  if quest.needs == 0 then return true end
  if not first then return false end
  if first.period ~= STREAK then return quests.is_done(list, first, today) end
  local row = row_of(list, first.no)
  return row ~= nil and row.paid >= #first.steps
end

-- Whether an action changes nothing for this viewer: each quest of it is closed or done. Answers that without opening more
-- than it must, because most who comment have long done what a newcomer does.
function quests.is_idle(raw, at, all, action, today, who)
  local list, of_action = quests.read(record.extra_in(raw, at, quests.TAG)), all.by_action[action]
  for i = 1, #of_action do
    local quest = of_action[i]
    if quests.is_open(list, quest, all, today, who) and not quests.is_done(list, quest, today) then return false end
  end
  return true
end

-- One more day of a streak, once a day.
local function walk(list, quest, today)
  local row = row_of(list, quest.no) or add_row(list, quest.no, 0)
  row.progress = row.period == today - 1 and row.progress + 1 or 1
  row.period = today
  local day = quest.cycle == AGAIN and (row.progress - 1) % quest.last + 1 or math.min(row.progress, quest.last)
  local reached = {}
  for i, step in ipairs(quest.steps) do
    if step.goal == day and (quest.cycle ~= END or i > row.paid) then reached[1] = step end
    if step.goal == day and quest.cycle == END then row.paid = math.max(row.paid, i) end
  end
  return row, reached
end

-- Counts units; answers the row and the steps that this reached, nil where nothing counted.
function quests.count(list, quest, units, today)
  if units <= 0 or quests.is_done(list, quest, today) then return nil end
  list.changed = true
  if quest.period == STREAK then return walk(list, quest, today) end
  local period = period_of(quest, today)
  local row = row_of(list, quest.no) or add_row(list, quest.no, period)
  if row.period < period then row.period, row.progress, row.paid = period, 0, 0 end
  row.progress = math.min(quest.last, row.progress + units)
  local reached = {}
  while row.paid < #quest.steps and row.progress >= quest.steps[row.paid + 1].goal do
    row.paid = row.paid + 1
    reached[#reached + 1] = quest.steps[row.paid]
  end
  return row, reached
end

-- Steps that were ever paid, by quest; of what begins anew those of its day or week.
function quests.paid(list)
  local paid = {}
  for i = 1, #list do paid[list[i].quest] = list[i].paid end
  return paid
end

-- How far the row is, and the goal of what comes next.
function quests.standing(quest, row)
  if quest.period == STREAK then
    local day = quest.cycle == AGAIN and (row.progress - 1) % quest.last + 1 or math.min(row.progress, quest.last)
    return day, quest.last
  end
  local step = quest.steps[math.min(row.paid + 1, #quest.steps)]
  return row.progress, step.goal
end

-- Of a day or a streak: it opens again tomorrow.
function quests.is_daily(quest) return quest.period == DAY or quest.period == STREAK end
end
