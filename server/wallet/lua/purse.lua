-- A wallet that is being changed: each move is done to the lots and the sums, and noted for the journal and the totals.
-- Journal element: 4, time, count, then entries: account, change counter, cause, use of the hold, at, live, deadline, three
-- texts (ref, subject, by), and the moves: from, to, issuer, live, month, month of the lot it comes to, points.
local purse = {
  JOURNAL_VERSION = 4, SPENDABLE = 1, SESSION = 2, PENDING = 3, HELD = 4, FROZEN = 5, ISSUED = 10, RECEIVED = 11, SPENT = 12,
  EXPIRED = 13, REVOKED = 14, GIVEN = 15,
}
-- Where points come from or go to beside the lots: sums of the wallet.
local SUMS = {
  [purse.ISSUED] = 'issued', [purse.RECEIVED] = 'received', [purse.SPENT] = 'spent', [purse.EXPIRED] = 'expired',
  [purse.REVOKED] = 'revoked', [purse.GIVEN] = 'given',
}
-- As fields of the partition's totals.
local TOTALS = {
  [purse.SPENDABLE] = 'spendable', [purse.SESSION] = 'session', [purse.PENDING] = 'pending', [purse.HELD] = 'held',
  [purse.FROZEN] = 'frozen', [purse.ISSUED] = 'issued', [purse.RECEIVED] = 'transferredIn', [purse.SPENT] = 'spent',
  [purse.EXPIRED] = 'expired', [purse.REVOKED] = 'revoked', [purse.GIVEN] = 'transferredOut',
}

-- The account with its wallet decoded, or nil where the record cannot be read. `into` names where `commit` writes:
-- account_key, accounts_key, journal_key, totals_key.
function purse.open(raw, number, into)
  local account = record.open(raw, record.ACCOUNT)
  if not account then return nil end
  return {
    number = number, into = into, account = account, fresh = not raw, frozen = record.is_frozen(account),
    wallet = lots.read(account[record.WALLET], account.fixed[record.WALLET]), moves = {}, totals = {},
  }
end

local function count(p, place, points)
  p.totals[place] = (p.totals[place] or 0) + points
  if SUMS[place] then p.wallet[SUMS[place]] = p.wallet[SUMS[place]] + points end
end

-- `lot` says which: issuer, live, month. What came in counts where it came from, what went where it went to.
function purse.move(p, from, to, lot, points, to_month)
  if points <= 0 then return end
  if from == purse.ISSUED or from == purse.RECEIVED then
    count(p, from, points)
  else
    count(p, from, -points)
    if not SUMS[from] then lots.take(p.wallet, from, lot.issuer, lot.live, lot.month, points) end
  end
  count(p, to, points)
  if not SUMS[to] then lots.add(p.wallet, to, lot.issuer, lot.live, to_month, points) end
  p.moves[#p.moves + 1] =
    struct.pack('>BBI2I4I2I2I6', from, to, lot.issuer, lot.live, lot.month, to_month, points)
end

-- A copy of the lots: moves change the wallet while they are walked.
function purse.lots(p)
  local all = {}
  for i, lot in ipairs(p.wallet) do
    all[i] = {bucket = lot.bucket, issuer = lot.issuer, live = lot.live, month = lot.month, amount = lot.amount}
  end
  return all
end

-- The changed record, to be written.
function purse.seal(p)
  p.account.changes = p.account.changes + 1
  p.account[record.WALLET], p.account.fixed[record.WALLET] = lots.write(p.wallet)
  return record.seal(p.account, record.ACCOUNT)
end

local function text(value)
  return string.char(#value) .. value
end

-- `e`: cause, and where it matters use, at, live, deadline, ref, subject, by. After `seal`.
function purse.entry(p, e)
  return struct.pack('>I6I6BBI2I4I6', p.number, p.account.changes, e.cause, e.use or 0, e.at or 0, e.live or 0, e.deadline or 0)
    .. text(e.ref or '') .. text(e.subject or '') .. text(e.by or '') .. string.char(#p.moves) .. table.concat(p.moves)
end

function purse.element(now, entries)
  return struct.pack('>BI6I2', purse.JOURNAL_VERSION, now, #entries) .. table.concat(entries)
end

-- One change of one account.
function purse.commit(p, sealed, element)
  local into = p.into
  redis.call('SET', into.account_key, sealed)
  if p.fresh then redis.call('SADD', into.accounts_key, p.number) end
  redis.call('XADD', into.journal_key, '*', 'e', element)
  purse.commit_totals(p.totals, into.totals_key)
end

function purse.commit_totals(totals, totals_key)
  for place, points in pairs(totals) do
    if points ~= 0 then redis.call('HINCRBY', totals_key, TOTALS[place], points) end
  end
end
