-- Takes lots that are over out of many accounts of a partition, in one script and one journal element.
local sweep = {}

-- `over(lot)` says which lots go. Answers the changes to write, numbers of readable accounts, and how many were not.
function sweep.compute(entry, over)
  local wanted = {}
  for i = 1, E.n do wanted[i] = E.account(i) end
  local raw = redis.call('MGET', unpack(wanted))
  local swept = {changed = {}, entries = {}, done = {}, totals = {}, unreadable = 0, points = 0}
  for i = 1, E.n do
    local p = purse.open(raw[i] or nil, E.number(i))
    if not p then
      swept.unreadable = swept.unreadable + 1
    else
      swept.done[#swept.done + 1] = p.number
      for _, lot in ipairs(purse.lots(p)) do
        if over(lot) then purse.move(p, lot.bucket, purse.EXPIRED, lot, lot.amount, lot.month) end
      end
      if #p.moves > 0 then
        swept.changed[#swept.changed + 1] = {account_key = E.account(i), sealed = purse.seal(p)}
        swept.entries[#swept.entries + 1] = purse.entry(p, entry)
        for place, points in pairs(p.totals) do swept.totals[place] = (swept.totals[place] or 0) + points end
        swept.points = swept.points + p.totals[purse.EXPIRED]
      end
    end
  end
  return swept
end

function sweep.commit(swept, now, journal_key, totals_key)
  for _, one in ipairs(swept.changed) do redis.call('SET', one.account_key, one.sealed) end
  if #swept.entries == 0 then return end
  redis.call('XADD', journal_key, '*', 'e', purse.element(now, swept.entries))
  purse.commit_totals(swept.totals, totals_key)
end
