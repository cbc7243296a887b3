-- Session points of a live that has ended expire, for up to 200 of its holders.
--@include "../redis/lua/record.lua"
--@include "../redis/lua/time.lua"
--@include "./lua/lots.lua"
--@include "./lua/movement.lua"
if redis.call('XLEN', K.journal) >= A.journal_max then return reply.busy() end
-- Points could still be earned, so what is swept would not stay swept.
if redis.call('SISMEMBER', K.ended, A.live) == 0 then return reply.running() end

local now = time.now(A.now_ms)
local wanted = {}
for i = 1, E.n do wanted[i] = E.account(i) end
local raw = redis.call('MGET', unpack(wanted))

local changed, packed, done, unreadable, total = {}, {}, {}, 0, 0
for i = 1, E.n do
  local account = record.open(raw[i] or nil, record.ACCOUNT_VERSION, record.ACCOUNT_SECTIONS)
  if not account then
    unreadable = unreadable + 1
  else
    local wallet = lots.read(account[record.WALLET])
    local points = lots.expire_session(wallet, A.live)
    done[#done + 1] = E.number(i)
    if points > 0 then
      account.changes = account.changes + 1
      account[record.WALLET] = lots.write(wallet)
      changed[#changed + 1] = {key = E.account(i), sealed = record.seal(account, record.ACCOUNT_VERSION, record.ACCOUNT_SECTIONS)}
      packed[#packed + 1] = movement.pack({
        account = E.number(i), live = A.live, changes = account.changes, cause = movement.LIVE_ENDED, from = 2,
        to = movement.EXPIRED, points = points,
      })
      total = total + points
    end
  end
end

--@commit
for _, one in ipairs(changed) do redis.call('SET', one.key, one.sealed) end
if #done > 0 then redis.call('SREM', K.holders, unpack(done)) end
if total > 0 then
  redis.call('XADD', K.journal, '*', 'e', movement.element(now, packed))
  redis.call('HINCRBY', K.totals, 'session', -total)
  redis.call('HINCRBY', K.totals, 'expired', total)
end
return reply.swept(#changed, total, unreadable)
