-- What came of a spending in the account's own partition. Where nothing did, nothing can any more.
--@include "./lua/acts.lua"
local state = acts.check(K.act)

--@commit
if not state then
  state = acts.VOID
  acts.commit(K.act, state)
end
if acts.goes_back(state) then return reply.void() end
return reply.done(state)
