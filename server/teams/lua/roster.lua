-- A team as its hash has it: 'terms' is JSON, 'reached' a time, 'closed' once all have left, 'm:ACCOUNT' a member.
local roster = {}

function roster.read(key)
  local all = redis.call('HGETALL', key)
  if #all == 0 then return nil end
  local team = {members = {}, entries = 0}
  for i = 1, #all, 2 do
    local account = string.match(all[i], '^m:(%d+)$')
    if account then
      team.members[account] = cjson.decode(all[i + 1])
      team.entries = team.entries + 1
    elseif all[i] == 'terms' then
      team.terms = cjson.decode(all[i + 1])
    else
      team[all[i]] = tonumber(all[i + 1])
    end
  end
  return team
end

-- Members who are in it, and how many of them come from that network.
function roster.size(team, network)
  local size, near = 0, 0
  for _, member in pairs(team.members) do
    if member.state == 'in' then
      size = size + 1
      if network ~= '' and member.network == network then near = near + 1 end
    end
  end
  return size, near
end

function roster.isReached(team)
  local sum = 0
  for _, member in pairs(team.members) do
    if member.state == 'in' then sum = sum + member.done end
  end
  return sum >= team.terms.target and roster.size(team, '') >= team.terms.min
end
