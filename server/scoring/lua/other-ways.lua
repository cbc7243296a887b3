-- The highest rung that an open account reaches without growth.
local function other_ways(policy, account)
  if #policy.points == 0 then return 0 end
  local earned = lots.read(account[record.WALLET], account.fixed[record.WALLET]).issued
  return ways.rung(policy, earned, quests.paid(quests.read(record.extra(account, quests.TAG))))
end
