-- The points are back: the redemption is over.
--@include "./lua/redemption.lua"
local r = redemption.check(K.red)
local ended = r and (r.state == 'cancelling' and 'cancelled' or r.state == 'refunding' and 'refunded')
if not ended then return reply.ok(r and r.state or '') end

--@commit
redemption.commit_end(K.red, K.todo, A.account .. ':' .. A.id, ended, redemption.KEPT_MS)
return reply.ok(ended)
