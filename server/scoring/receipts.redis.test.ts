import { expect, test } from 'vitest'
import type { Action, Bucket } from '../../shared/receipt.ts'
import type { EarnRule } from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { journalKey } from '../wallet/index.ts'
import type { StoredState } from './account-view.ts'
import { type Acting, act, createBench, START_MS } from './bench.testing.ts'
import { type JournalEntry, readJournal } from './journal.ts'
import { Random } from './random.testing.ts'
import { type StoredReceipt, toReceipt } from './receipts.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)

/** `LONG=1` plays a million. */
const EVENTS = process.env.LONG === undefined ? 100_000 : 1_000_000
const VIEWERS = 150
const PER_CALL = 50
const ACTIONS = 32
const DAILY_POINTS = 400

const earn = [
  { id: 'like', no: 1, action: 'like', points: 0.333, caps: { perMinute: 200, perDay: 900 } },
  { id: 'like_too', no: 2, action: 'like', points: 0.05, growth: 0.05, bucket: 'session' },
  { id: 'comment', no: 3, action: 'comment', points: 5, growth: 2, caps: { perMinute: 3 } },
  { id: 'share', no: 4, action: 'share', points: 7.5, capPerAward: 9, caps: { perLive: 40 } },
  {
    id: 'vote',
    no: 5,
    action: 'vote',
    points: 2,
    per: 2,
    capPerAward: 3,
    capStage: 'beforeMultiplier',
    caps: { ever: 60 },
  },
] as const

const stand = () =>
  createBench(redis, {
    earn: earn.map((rule) => ({ ...rule })),
    dailyPoints: DAILY_POINTS,
    stacking: 'product',
    ceiling: 2.5,
    comment: { minIntervalMs: 0 },
  })
type Bench = ReturnType<typeof stand>

/** An account as its receipts tell of it. */
interface Told {
  balance: Record<Bucket, number>
  carry: Record<Bucket, number>
  growthMilli: number
  used: Map<string, number>
  today: number
  day: number
}

const dayOf = (atMs: number): number => Math.floor((atMs + 8 * 3_600_000) / 86_400_000)

/** Counts units and answers how many of the period there are now. */
function add(told: Told, key: string, units: number): number {
  const sum = (told.used.get(key) ?? 0) + units
  told.used.set(key, sum)
  return sum
}

/** Caps are kept, and one that is named is full. */
function checkCaps(told: Told, receipt: StoredReceipt, of: { rule: EarnRule; atMs: number }): void {
  const { caps, no } = of.rule
  const periods = [
    ['minute_cap', caps.perMinute, `minute ${Math.floor(of.atMs / 60_000)}`],
    ['live_cap', caps.perLive, `live ${dayOf(of.atMs)}`],
    ['daily_cap', caps.perDay, `day ${dayOf(of.atMs)}`],
    ['once_only', caps.ever, 'ever'],
  ] as const
  for (const [reason, size, period] of periods) {
    const sum = add(told, `${no} ${period}`, receipt.counted)
    if (size !== undefined) expect(sum).toBeLessThanOrEqual(size)
    if (receipt.reason === reason) expect(sum).toBe(size)
  }
}

/** What a receipt must have paid, from what it says and the rule alone. */
function recompute(told: Told, receipt: StoredReceipt, of: { rule: EarnRule; atMs: number }): void {
  const { rule, atMs } = of
  if (dayOf(atMs) !== told.day) Object.assign(told, { day: dayOf(atMs), today: 0 })
  checkCaps(told, receipt, of)
  if (receipt.counted === 0) {
    expect(receipt.points).toBe(0)
    return
  }
  const { heat, campaign, tier, personal } = receipt.multipliers
  const stacked = (BigInt(heat) * BigInt(campaign) * BigInt(tier) * BigInt(personal)) / 10n ** 9n
  expect(receipt.multiplier).toBe(Number(stacked > 2500n ? 2500n : stacked))
  expect(receipt.carry).toBe(told.carry[receipt.bucket])
  const most = (rule.capPerAward ?? Number.POSITIVE_INFINITY) * 1000
  const asked = receipt.baseMilli * receipt.counted
  const base = rule.capStage === 'beforeMultiplier' ? Math.min(asked, most) : asked
  const milli = Math.floor((base * receipt.multiplier) / 1000) + receipt.carry
  const gross = Math.floor(milli / 1000)
  const lowered = receipt.points < gross
  if (!lowered) expect(receipt.points).toBe(gross)
  else if (receipt.reason === 'award_cap') expect(receipt.points).toBe(rule.capPerAward)
  else if (receipt.reason === 'daily_points') expect(told.today + receipt.points).toBe(DAILY_POINTS)
  else expect(receipt.reason).toBe('budget')
  told.carry[receipt.bucket] = lowered ? 0 : milli % 1000
  told.balance[receipt.bucket] += receipt.points
  told.today += receipt.points
  expect(told.today).toBeLessThanOrEqual(DAILY_POINTS)
  const before = Math.floor(told.growthMilli / 1000)
  told.growthMilli += Math.round(rule.growth * 1000) * receipt.counted
  expect(receipt.growth).toBe(Math.floor(told.growthMilli / 1000) - before)
}

function drawActions(r: Random, firstSeq: number): Acting['actions'] {
  return Array.from({ length: ACTIONS }, (_, i) => {
    const action: Action = r.pick(['like', 'like', 'like', 'comment', 'share', 'vote', 'browse'])
    const units = action === 'like' ? r.between(1, 50) : action === 'vote' ? r.between(1, 9) : 1
    return act(firstSeq + i, action, { units, p1: 1 + r.below(1e9) })
  })
}

/** Viewers act until there are enough receipts; answers every state by account and version. */
async function play(bench: Bench): Promise<Map<string, StoredState>> {
  const r = new Random(3)
  const states = new Map<string, StoredState>()
  let nowMs = START_MS
  let receipts = 0
  for (let call = 0; receipts < EVENTS; call++) {
    nowMs += r.pick([50, 400, 9000, 70_000])
    if (r.chance(0.03)) nowMs += 9 * 3_600_000
    bench.room.heatLevel = r.below(6)
    const round = Math.floor((call * PER_CALL) / VIEWERS)
    const viewers = Array.from({ length: PER_CALL }, (_, i) => ({
      account: 1000 + ((call * PER_CALL + i) % VIEWERS),
      personal: r.pick([1000, 1000, 1333]),
      actions: drawActions(r, 1 + round * ACTIONS),
    }))
    const allowance = r.chance(0.2) ? r.below(3000) : -1
    const reply = await bench.score(nowMs, viewers, { allowance })
    if (reply.tag !== 'scored') throw new Error(reply.tag)
    let issued = 0
    reply.answers.forEach((answer, i) => {
      if (answer.status !== 'ok') throw new Error(answer.status)
      const entry = must(answer.entry, 'an entry')
      receipts += entry.receipts.length
      issued += entry.receipts.reduce((sum, receipt) => sum + receipt.points, 0)
      states.set(`${must(viewers[i], 'a viewer').account} ${answer.state.version}`, answer.state)
    })
    if (allowance >= 0) expect(reply.allowanceLeft).toBe(allowance - issued)
  }
  return states
}

async function* journal(bench: Bench): AsyncGenerator<{ atMs: number; entry: JournalEntry }> {
  const key = journalKey(bench.places.slotOf(0))
  let from = '-'
  for (;;) {
    const page = await redis.xrangeBuffer(key, from, '+', 'COUNT', 100)
    for (const [, fields] of page) {
      const { atMs, entries } = readJournal(must(fields[1], 'bytes'))
      for (const entry of entries) yield { atMs, entry }
    }
    const last = page.at(-1)
    if (!last) return
    from = `(${last[0].toString()}`
  }
}

test(`[S14 S15 S18 case 3] ${EVENTS} receipts of the journal give every balance change`, async () => {
  const bench = stand()
  const states = await play(bench)
  const rules = new Map(bench.book.earn.map((rule) => [rule.no, rule]))
  const accounts = new Map<number, Told>()
  const reasons = new Map<string, number>()
  let receipts = 0
  for await (const { atMs, entry } of journal(bench)) {
    const told = accounts.get(entry.account) ?? {
      balance: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 },
      carry: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 },
      ...{ growthMilli: 0, used: new Map(), today: 0, day: 0 },
    }
    accounts.set(entry.account, told)
    for (const receipt of entry.receipts) {
      const rule = rules.get(receipt.ruleNo)
      if (rule) recompute(told, receipt, { rule, atMs })
      else expect(receipt.points).toBe(0)
      receipts++
      reasons.set(receipt.reason, (reasons.get(receipt.reason) ?? 0) + 1)
    }
    const state = must(states.get(`${entry.account} ${entry.version}`), 'the state after it')
    expect(told.balance).toEqual(state.balance)
    expect(Math.floor(told.growthMilli / 1000)).toBe(state.tier.growth)
  }
  expect(receipts).toBeGreaterThanOrEqual(EVENTS)
  // Every kind of clamp was met, so that nothing passes by never happening.
  expect([...reasons.keys()].sort()).toEqual(
    [
      ...['award_cap', 'budget', 'daily_cap', 'daily_points', 'earned', 'live_cap', 'minute_cap'],
      ...['no_rule', 'once_only'],
    ].sort(),
  )
}, 300_000)

test('[S4 000-09 case 3] a capped like says zero, daily_cap, how large it is and when it opens', async () => {
  await redis.flushall()
  const bench = createBench(redis, {
    earn: [{ id: 'like', no: 1, action: 'like', points: 1, caps: { perDay: 5 } }],
  })
  const answer = await bench.one(START_MS, {
    account: 5,
    actions: [act(1, 'like', { units: 5 }), act(2, 'like', { units: 3 })],
  })
  const stored = must(answer.entry?.receipts[1], 'the second receipt')
  expect(toReceipt(stored, { book: bench.book, rulebook: 1, atMs: START_MS })).toMatchObject({
    ...{ seq: 2, rule: 'like', action: 'like', units: 3, counted: 0, points: 0 },
    ...{ reason: 'daily_cap', cap: 5, resetsAtMs: Date.UTC(2026, 4, 1, 16) },
  })
})
