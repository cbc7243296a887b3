-- What came of a spending, wherever it is done. Where nothing did, nothing can any more; what waits goes on waiting.
--@include "./lua/acts.lua"
local state = acts.check(K.act)

--@commit
if not state then
  state = acts.VOID
  acts.commit(K.act, state)
end
if acts.goes_back(state) then return reply.void() end
return reply.done(state)
