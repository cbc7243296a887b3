-- Adds receipts to the histories of accounts and moves the worker's cursor behind them, in one step.
-- Of each account there are the bytes of its lines, '>I4', then the lines. Each comes behind its length, '>I2', and begins with the id of their journal element, '>I6I4'. A receipt begins with
-- rule, action, reason; where the rule is LEDGER, points moved otherwise.
--@include "../redis/lua/reader.lua"
local SPARE = 40
local LEDGER = 255
local done_ms, done_seq = reader.parse(reader.at(K.cursors, 'history'))
if reader.passed(K.cursors, 'history', A.last) then return reply.written() end
if reader.lost(K.journal, A.last) then return reply.gone() end

-- Of refusals that follow each other only the newest is kept: a thousand likes over the cap are one line.
local function refusal(line)
  if string.byte(line, A.head_bytes + 1) == LEDGER then return nil end
  local points, growth = struct.unpack('>I6I4', line, A.head_bytes + 33)
  return points == 0 and growth == 0 and string.sub(line, A.head_bytes + 1, A.head_bytes + 3) or nil
end

local push, replace = {}, {}
local written, at = A.written, 1
for i = 1, E.n do
  local fresh, before = {}, nil
  local ends = at + 4 + struct.unpack('>I4', written, at)
  at = at + 4
  while at < ends do
    local length, ms, seq = struct.unpack('>I2I6I4', written, at)
    local line = string.sub(written, at + 2, at + 1 + length)
    at = at + 2 + length
    if ms > done_ms or (ms == done_ms and seq > done_seq) then
      local same = refusal(line)
      -- What is stored is only looked at where it can matter: most lines are points.
      if same and #fresh == 0 and not replace[i] then
        local head = redis.call('LINDEX', E.list(i), 0)
        before = head and refusal(head)
      end
      if same and same == before then
        if #fresh > 0 then fresh[#fresh] = line else replace[i] = line end
      else
        fresh[#fresh + 1] = line
      end
      before = same
    end
  end
  push[i] = fresh
end

--@commit
for i = 1, E.n do
  if replace[i] then redis.call('LSET', E.list(i), 0, replace[i]) end
  -- A little more than is shown may be stored, so that not every line needs a trim.
  if #push[i] > 0 and redis.call('LPUSH', E.list(i), unpack(push[i])) > A.lines_max + SPARE then
    redis.call('LTRIM', E.list(i), 0, A.lines_max - 1)
  end
end
reader.commit(K.cursors, 'history', A.last)
return reply.written()
