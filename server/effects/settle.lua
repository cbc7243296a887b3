-- What came of a spending in this room. Where nothing did, nothing can any more: the hold may be voided.
--@include "./lua/acts.lua"
local state = acts.check(K.act)

--@commit
if not state then
  state = acts.VOID
  acts.commit(K.act, state)
elseif state == acts.WAITING then
  state = acts.LAPSED
  acts.commit(K.act, state)
  redis.call('HDEL', K.asks, A.ask)
end
if acts.goes_back(state) then return reply.void() end
return reply.done(state)
