-- One viewer of a call: both records opened, brought to the time of scoring, written again, and told to the journal.
local viewers = {}
do
local pack = struct.pack
local NONE = string.char(0)

-- The viewer with all sections decoded, or nil where a record cannot be read.
function viewers.open(account_raw, visit_raw, call)
  local account, visit = record.open(account_raw, record.ACCOUNT), record.open(visit_raw, record.VISIT)
  if not account or not visit then return nil end
  local of_account, of_visit = account.fixed, visit.fixed
  local ladders = growth.read(account[3], of_account[3])
  -- Every field that is ever set is named here: a table that grows is copied each time it doubles.
  return {
    account = account, visit = visit, fresh = not account_raw, frozen = record.is_frozen(account), now = call.now, call = call,
    number = 0, personal = 1000, first = false, session_nonce = 0, boost = growth.boost(ladders, call.now),
    sessions = sessions.read(account[1], of_account[1]), wallet = lots.read(account[2], of_account[2]), ladders = ladders,
    caps = limits.read_account(account[4], of_account[4]), attention = attention.read(account[5], of_account[5]),
    visit_caps = limits.read_visit(visit[1], of_visit[1]), watch = attention.visit_read(visit[2], of_visit[2]),
    tasks = progress.read(visit[3]), quests = nil,
    receipts = {}, promotions = nil, claims = nil, kept = nil, heat = 0, heat_by = {}, spendable = 0, session = 0, grown = 0,
    holds = false,
    tier = growth.on(ladders, growth.PLATFORM),
  }
end

-- The changed records, to be written.
function viewers.seal(v)
  local account, visit = v.account, v.visit
  account.changes = account.changes + 1
  local fixed = account.fixed
  account[1], fixed[1] = sessions.write(v.sessions)
  account[2], fixed[2] = lots.write(v.wallet)
  account[3], fixed[3] = growth.write(v.ladders)
  account[4], fixed[4] = limits.write_account(v.caps)
  account[5], fixed[5] = attention.write(v.attention)
  if v.quests and v.quests.changed then record.set_extra(account, quests.TAG, quests.write(v.quests)) end
  visit.changes = visit.changes + 1
  fixed = visit.fixed
  visit[1], fixed[1] = limits.write_visit(v.visit_caps)
  visit[2], fixed[2] = attention.visit_write(v.watch)
  visit[3] = progress.write(v.tasks)
  return record.seal(account, record.ACCOUNT), record.seal(visit, record.VISIT)
end

-- Where the viewer stands with quests, opened when one counts.
function viewers.quests(v)
  v.quests = v.quests or quests.read(record.extra(v.account, quests.TAG))
  return v.quests
end

-- The highest rung that is reached without growth.
local function other_ways(v, ctx)
  local policy = rooms.ways(ctx)
  return policy and ways.rung(policy, v.wallet.issued, quests.paid(viewers.quests(v))) or 0
end

-- Raises the rung to what is reached by now.
function viewers.rise(v, ctx)
  local by = other_ways(v, ctx)
  local rose, from = growth.promote(v.tier, ctx.thresholds, by)
  -- What is held without growth is not to be kept.
  if rose or by > 0 and by >= v.tier.rung then
    local policy, now = rooms.keeping(ctx), v.now
    -- With a clock that was set back over midnight: of a day that the account has turned, nobody looks at the beginning again.
    if v.caps[1].number > v.call.today then now = math.max(now, policy.day_ends) end
    growth.begin_window(v.ladders, v.tier, policy, now, by)
  end
  if not rose then return end
  v.promotions = v.promotions or {}
  v.promotions[#v.promotions + 1] = pack('>BBI2', v.tier.ladder, growth.rungs(from, v.tier.rung), v.tier.promotions)
end

-- Brings the windows of both records to the time of scoring, and decides whether the rung is kept.
function viewers.turn(v, ctx)
  if v.fresh and rooms.quested(ctx, 0) then quests.begin(viewers.quests(v), v.call.today) end
  limits.turn(v.visit_caps[1], v.call.minute)
  limits.turn(v.visit_caps[2], ctx.today)
  limits.turn(v.caps[1], v.call.today)
  local by = other_ways(v, ctx)
  if v.tier.rung > 0 then
    v.kept = growth.decide(v.ladders, v.tier, {
      thresholds = ctx.thresholds, policy = rooms.keeping(ctx), now = v.now, account = v.account, number = v.number, by = by,
    })
  end
  -- By what a server gave since, or a newer rulebook asks.
  if by > v.tier.rung then viewers.rise(v, ctx) end
end

-- A count, then what was counted; nil is none.
local function counted(list)
  if not list then return NONE end
  return string.char(#list) .. table.concat(list)
end

-- The viewer's part of a journal element: version, time, count, entries.
viewers.JOURNAL_VERSION = 3

function viewers.entry(v, ctx)
  return pack('>I6I4I4I4I6I2I2I2', v.number, ctx.live, v.session_nonce, ctx.rulebook, v.account.changes, ctx.issuer,
    ctx.month, #v.receipts) .. table.concat(v.receipts) .. counted(v.promotions) .. counted(v.claims)
end
end
