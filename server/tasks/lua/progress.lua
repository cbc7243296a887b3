-- Progress of one viewer in the countdown tasks of one live.
-- Section: count, then (task, progress, state, rank, reached) each. States: 0 open, 1 claiming, 2 won, 3 full.
local progress = {}
local TASKS_MAX = 16
local ROW, ROW_BYTES = '>I4I4BI4I6', 19

function progress.read(raw)
  local list = {}
  if raw == '' then return list end
  local at = 2
  for i = 1, string.byte(raw) do
    local task, done, state, rank, reached
    task, done, state, rank, reached, at = struct.unpack(ROW, raw, at)
    list[i] = {task = task, progress = done, state = state, rank = rank, reached = reached}
  end
  return list
end

function progress.write(list)
  local out = string.char(#list)
  for i = 1, #list do
    local t = list[i]
    out = out .. struct.pack(ROW, t.task, t.progress, t.state, t.rank, t.reached)
  end
  return out
end

function progress.of(list, task)
  for _, t in ipairs(list) do
    if t.task == task then return t end
  end
end

-- The section with units counted towards a task, or nil where the goal is reached or the task is new to it.
function progress.count_in(section, task, units)
  for at = 2, #section, ROW_BYTES do
    local no, done, state = struct.unpack('>I4I4B', section, at)
    if no == task.task then
      if state ~= 0 then return section end
      if done + units >= task.goal then return nil end
      return string.sub(section, 1, at + 3) .. struct.pack('>I4', done + units) .. string.sub(section, at + 8)
    end
  end
end

-- Counts units towards a task; answers the entry where this reached the goal. The oldest entry that waits
-- for nothing makes room for a new one.
function progress.count(list, task, units, now)
  local t = progress.of(list, task.task)
  if not t then
    if #list >= TASKS_MAX then
      local oldest = 1
      for i, other in ipairs(list) do
        if other.state ~= 1 then
          oldest = i
          break
        end
      end
      table.remove(list, oldest)
    end
    t = {task = task.task, progress = 0, state = 0, rank = 0, reached = 0}
    list[#list + 1] = t
  end
  if t.state ~= 0 then return nil end
  t.progress = math.min(task.goal, t.progress + units)
  if t.progress < task.goal then return nil end
  t.state = task.places and 1 or 2
  t.reached = now
  return t
end
