-- One gateway tells a room what its viewers did, and learns what the room is now.
--@include "../redis/lua/time.lua"
--@include "../redis/lua/head.lua"
--@include "../rooms/lua/heat.lua"
--@include "../rooms/lua/audience.lua"
--@include "../rooms/lua/board.lua"
--@include "../rooms/lua/comments.lua"
--@include "../rooms/lua/moments.lua"
--@include "../rooms/lua/cues.lua"
--@include "../tasks/lua/runs.lua"
local BOARD, COMMENT, ACTOR = 1, 2, 3
local h = head.check(K.head, time.now(A.now_ms))
if not h then return reply.room_not_found() end
local sender = audience.check_gateways(K.gateways, A.gateway, A.incarnation, A.sequence, h.now)
-- What belongs to another live than this, or was applied before, changes nothing.
local counts = not sender.repeated and A.live == h.live
local lost = A.epoch == h.epoch and (A.after_seq > h.seq or A.after_comment > h.comment)
local found = runs.check(K.runs, K.won, h)

local actors, scored, named, said = {}, {}, {}, {}
for i = 1, counts and E.n or 0 do
  local kind, account = E.kind(i), E.account(i)
  if kind == BOARD then
    local at = #scored
    scored[at + 1], scored[at + 2] = E.number(i), account
    named[at + 1], named[at + 2] = account, E.text(i)
  elseif kind == COMMENT then
    said[#said + 1] = {account = account, rest = E.text(i)}
  elseif kind == ACTOR then
    actors[#actors + 1] = account
  end
end
if h.state ~= 'open' then actors = {} end
local distinct = audience.check_actors(K.actors, actors, h.now)

local params, state = heat.params(A.heat), heat.check_state(K.heat)
local next
if counts and h.state == 'open' then
  next = heat.check_step(params, state, A.weight, A.by_action, distinct, h.now)
else
  next = heat.check_view(params, state, h.now)
end

--@commit
if lost then head.commit_epoch(h, A.fresh_epoch, A.after_seq, A.after_comment) end
if not sender.repeated then audience.commit_gateway(K.gateways, sender, A.sequence, A.audience, h.now) end
if counts then
  audience.commit_actors(K.actors, actors, h.now)
  heat.commit_step(K.heat, K.pulses, next, {
    'gateway', A.gateway, 'incarnation', A.incarnation, 'sequence', A.sequence, 'weight', A.weight,
    'by', A.by_action, 'at', h.now, 'actors', distinct, 'rulebook', A.rulebook,
  })
  if next.rose then
    head.commit_moment(h, K.moments, string.format('{"kind":"heat.rose","level":%.0f}', next.level))
  end
  if #scored > 0 then
    board.commit_update(K.board, K.names, scored, named)
    h.board = h.board + 1
  end
  for _, comment in ipairs(said) do
    h.comment = h.comment + 1
    comments.commit_add(K.comments, h.comment, comment.account, comment.rest, h.now)
  end
  h.issued = h.issued + A.issued
  redis.call('HSET', K.head, 'last', h.now, 'comment', h.comment, 'issued', h.issued, 'board', h.board)
end
runs.commit_over(K.runs, K.won, K.moments, h, found)

-- What the gateway knows of another epoch it learns anew.
local known = A.epoch == h.epoch
local new_moments = known and moments.check_after(K.moments, h.seq, A.after_seq)
return reply.ok(
  h.epoch, h.seq, h.now, h.live, h.state, h.started, next.value, next.level, next.since == 0 and h.started or next.since,
  next.held, next.shares, sender.others + (sender.repeated and sender.gauge or A.audience), distinct, h.issued, h.safe,
  sender.repeated and 1 or 0, new_moments and 0 or 1, h.board,
  (not known or A.board ~= h.board) and board.check_top(K.board, K.names, A.places) or {},
  (not known or h.comment > A.after_comment) and comments.check_after(K.comments, known and A.after_comment or 0) or {},
  runs.list(found, 'task'), runs.list(found, 'campaign'), new_moments or {},
  A.host == 1 and cues.check_top(K.cues, K.queue) or {})
