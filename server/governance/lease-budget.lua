-- A gateway says what a live has paid through it and takes points to pay next. All it says is absolute, so that a
-- call may be lost, answered late or done twice.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
if h.live ~= A.live then return reply.over() end

local rows = redis.call('HGETALL', K.budget)
local stored = {}
for i = 1, #rows, 2 do stored[rows[i]] = rows[i + 1] end
local anew = tonumber(stored.live) ~= h.live
if anew then stored = {gone = '0'} end

local gone, others, gateways, own = tonumber(stored.gone), 0, 1, nil
local name = string.format('%.0f', A.gateway)
for field, text in pairs(stored) do
  local incarnation, sequence, leased, paid = string.match(text, '^(%S+) (%d+) (%d+) (%d+)$')
  if incarnation and field ~= name then
    others, gateways = others + tonumber(leased), gateways + 1
  elseif incarnation == A.incarnation then
    own = {sequence = tonumber(sequence), leased = tonumber(leased), paid = tonumber(paid)}
  elseif incarnation then
    -- It was not given back, so it counts as paid.
    gone = gone + tonumber(leased)
  end
end

local leased, paid, sequence = A.paid, A.paid, A.sequence
if own and own.sequence >= A.sequence then
  -- A call that came late changes nothing.
  leased, paid, sequence = own.leased, own.paid, own.sequence
else
  -- What was leased here and is not on record any more cannot be kept, unless it has been paid.
  leased = math.max(A.paid, math.min(A.leased, own and own.leased or 0))
  local free = math.max(0, A.most - gone - others - leased)
  local share = math.max(A.need, math.floor(free / (2 * gateways)))
  leased = leased + math.min(math.max(0, A.want - (leased - paid)), share, free)
end
local left = math.max(0, A.most - gone - others - leased)

--@commit
if anew then redis.call('DEL', K.budget) end
redis.call('HSET', K.budget, 'live', h.live, 'gone', gone, name,
  string.format('%s %.0f %.0f %.0f', A.incarnation, sequence, leased, paid))
return reply.ok(leased, left, h.now)
