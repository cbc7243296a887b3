import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CONTROL, type Results, STUDIED } from '../../shared/experiments.ts'
import type { Action } from '../../shared/receipt.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { PublishedRulebook, RulebookInput } from '../../shared/rulebook/schema.ts'
import type { VariantChange } from '../../shared/rulebook/variant.ts'
import { DAY_MS, MINUTE_MS } from '../../shared/time.ts'
import {
  Experiments,
  type Plan,
  Playing,
  passExperiments,
  readResults,
} from '../experiments/index.ts'
import { publishRulebook, rulebookVersion } from '../governance/index.ts'
import { must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import {
  Accounts,
  compileContext,
  readJournal,
  type ScoredAction,
  score,
} from '../scoring/index.ts'
import { economyConsumer } from './economy/consumer.ts'
import type { Study } from './economy/study.ts'
import { ZERO } from './element.ts'
import { readAfter } from './journal.ts'
import { plainReading } from './reading.ts'
import { createSandboxStand } from './sandbox/sandbox.testing.ts'
import { createStand, type Stand, silent } from './worker.testing.ts'

const LIVE = 7
let redis: Store
let stand: Stand
let nowMs = START_MS
let playing: Playing
let current: PublishedRulebook
const clock = { ...systemClock, now: () => nowMs }
const rulebook = () => current
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  nowMs = START_MS
  stand = createStand(redis)
  stand.deps.nowMs = () => nowMs
})
afterEach(async () => {
  playing?.stop()
  await stand.clean()
})

async function publish(book: RulebookInput): Promise<void> {
  const answer = await publishRulebook(redis, { book, by: 'mei', nowMs })
  if (!answer.ok) throw new Error(`${answer.code} ${answer.field}`)
  current = answer.published
}

const PLAN: Omit<Plan, 'arms'> = {
  id: 'trial',
  name: 'Trial',
  unit: 'account',
  goal: 'costShare',
  control: 500,
  holdout: 0,
  days: 7,
  guards: { fromViewers: 100 },
  by: 'mei',
}

/** Half of the accounts play by the changes. */
async function begin(changes: VariantChange[], more: Partial<Plan> = {}): Promise<Experiments> {
  const experiments = new Experiments({ store: redis, clock })
  const arms = [{ id: 'other', name: 'Other', share: more.unit === 'room' ? 0 : 500, changes }]
  const planned = await experiments.plan({ ...PLAN, arms, ...more })
  if (!planned.ok) throw new Error(`${planned.code} ${planned.field}`)
  expect(await experiments.start('trial', { by: 'mei', review: false })).toMatchObject({ ok: true })
  nowMs += MINUTE_MS
  playing = await new Playing({ store: redis, clock, rulebook }).start()
  expect(playing.variants).toBeDefined()
  return experiments
}

/** Accounts of each arm, as many as asked for, of both partitions. */
function accountsOf(n: number) {
  const found = { control: [] as number[], other: [] as number[] }
  for (let account = 2; found.control.length < n || found.other.length < n; account++) {
    const arm = playing.of(account).version === current.version ? found.control : found.other
    if (arm.length < n) arm.push(account)
  }
  return found
}

/** Scored as a gateway does: by the version that the account plays. */
async function doAs(account: number, actions: ScoredAction[]) {
  const { version, book } = playing.of(account, { id: 'r1', profile: '' })
  const room = { ...stand.bench.room, rulebook: version, book, live: LIVE }
  const { slotOf } = stand.bench.places
  const reply = await score(redis, {
    slot: slotOf(account),
    gateway: 1,
    contexts: [compileContext(room, nowMs)],
    viewers: [
      {
        account,
        live: LIVE,
        context: 0,
        session: { startMs: START_MS, nonce: 1 },
        personal: 1000,
        actions,
      },
    ],
    ...{ timeZone: book.timeZone, dailyPoints: 0, allowance: -1, journalMax: 100_000 },
    ...{ nowMs, aroundMs: nowMs },
  })
  const answer = reply.tag === 'scored' ? reply.answers[0] : undefined
  if (answer?.status !== 'ok') throw new Error(`answered ${answer?.status ?? reply.tag}`)
  return answer
}

let seq = 0
const does = (account: number, action: Action, units = 1) =>
  doAs(account, [act(++seq, action, { units })])

function merchant() {
  const accounts = new Accounts({
    ...{
      store: redis,
      partitions: stand.bench.places,
      clock,
      journalMax: 100_000,
      rulebook,
      playing,
    },
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: async () => undefined,
    nowMs: () => nowMs,
  })
  return async (account: number, yuan: number, order = `o${++seq}`) => {
    const what = { action: 'purchase' as const, units: yuan * 100, order }
    const answer = await accounts.scoreEvent({
      id: order,
      body: order,
      account,
      brand: 'acme',
      ...what,
    })
    if (!answer.ok) throw new Error(answer.code)
    return answer
  }
}

/** Of what stands in the experiment's document, as the worker has it. */
const studies = (): Study[] =>
  playing.studied.map(({ id, unit, startsAtMs = 0, endsAtMs = 0, ended }) => ({
    id,
    fromMs: startsAtMs,
    untilMs: ended?.atMs ?? endsAtMs,
    byVersion: unit === 'room',
    fenOf: () => 100,
  }))

/** Counts what the journal has, as the worker does, in batches of a few elements. */
async function count(atOnce = 3): Promise<void> {
  const consumer = economyConsumer({
    ...{ store: redis, rulebook, clock, log: silent, studies },
    reading: plainReading,
  })
  for (const [index, slot] of stand.bench.places.slots.entries()) {
    const place = { slot, index }
    await consumer.open?.(place, ZERO)
    const all = await readAfter(redis, slot, { after: ZERO, limit: 100_000 })
    for (let at = 0; at < all.length; at += atOnce)
      await consumer.handle(place, all.slice(at, at + atOnce))
  }
}

const pass = (isCounted = true, brownoutLevel = 0) =>
  passExperiments({
    ...{ store: redis, partitions: stand.bench.places, clock, log: silent },
    brownoutLevel: () => brownoutLevel,
    isCounted: async () => isCounted,
  })

async function found(): Promise<Results> {
  await count()
  await pass(false)
  return must(await readResults(redis, 'trial'), 'results')
}
const armIn = ({ arms }: Results, id: string) =>
  must(
    arms.find((arm) => arm.id === id),
    id,
  )

/** Everything that happened since it began, once more and by other means: from whole receipts and moves. */
async function recounted(accounts: readonly number[]) {
  const sums = Object.fromEntries(STUDIED.map((name) => [name, 0])) as Record<string, number>
  const add = (name: string, by: number) => {
    sums[name] = (sums[name] ?? 0) + by
  }
  const buckets = new Set(['spendable', 'session', 'pending', 'held', 'frozen'])
  for (const slot of stand.bench.places.slots)
    for (const { bytes } of await readAfter(redis, slot, { after: ZERO, limit: 100_000 })) {
      const { atMs, entries, ledger, kept } = readJournal(bytes)
      if (atMs < (playing.studied[0]?.startsAtMs ?? 0)) continue
      for (const { account, receipts } of entries)
        for (const { points } of accounts.includes(account) ? receipts : []) {
          add('issued', points)
          add('net', points)
        }
      for (const { account, moves } of ledger)
        for (const { from, to, points } of accounts.includes(account) ? moves : []) {
          if (to === 'spent') add('spent', points)
          if (from === 'spent') add('spent', -points)
          if (buckets.has(to)) add('net', points)
          if (buckets.has(from)) add('net', -points)
        }
      for (const { account, fields } of kept)
        for (const [name, value] of accounts.includes(account) ? fields : [])
          if (name === 'fen') add('salesFen', Number(value))
    }
  return sums
}

const redeem = async (account: number, points: number) => {
  const { wallets } = stand.deps
  const id = `h${++seq}`
  const of = { account, id, points, forMs: 60_000, use: 'redemption' as const, at: 1, issuers: [1] }
  expect(await wallets.hold({ ...of, live: LIVE })).toMatchObject({ ok: true })
  expect(await wallets.capture({ account, id })).toMatchObject({ ok: true })
}

const plain = (change: Partial<RulebookInput> = {}): RulebookInput => ({
  ...PRESETS.live,
  quests: [],
  dailyPoints: undefined,
  earn: [
    { id: 'like', no: 1, action: 'like', points: 1, caps: {} },
    { id: 'purchase', no: 8, action: 'purchase', points: 1, growth: 1, per: 100 },
    {
      ...{ id: 'watch_growth', no: 6, action: 'watch', points: 0, growth: 0 },
      goal: { mode: 'cumulative', minutes: 300 },
    },
  ],
  ladder: {
    id: 'two',
    rungs: [
      { id: 'regular', label: { zh: '普通', en: 'Regular' }, growth: 0 },
      { id: 'silver', label: { zh: '银卡', en: 'Silver' }, growth: 100 },
    ],
  },
  ...change,
})

describe('what an experiment counts', () => {
  test('[X12 003-05] is what the journal says of the accounts of each arm, each element once, whoever counts it', async () => {
    await publish(plain())
    await begin([{ field: 'earn.like.points', value: 3 }])
    const { control, other } = accountsOf(4)
    const buy = merchant()
    for (const account of [...control, ...other]) {
      await does(account, 'like', 10)
      if (account % 2 === 0) await buy(account, 30 + account)
    }
    await count()
    for (const account of [control[0], other[0], other[1]]) if (account) await redeem(account, 5)
    const results = await found()
    // A worker that died begins again from what is stored, not from what it remembers.
    await count(100)
    await pass(false)
    expect(await readResults(redis, 'trial')).toMatchObject({ arms: results.arms })
    for (const [id, accounts] of [
      [CONTROL, control],
      ['other', other],
    ] as const) {
      const { sums, viewers, active, costFen } = armIn(results, id)
      const { issued, spent, net, salesFen } = await recounted(accounts)
      expect({ id, ...sums }).toMatchObject({ id, issued, spent, net, salesFen })
      expect([viewers, active, costFen]).toEqual([4, 4, issued])
    }
    expect(armIn(results, 'other').sums.issued).toBeGreaterThan(armIn(results, CONTROL).sums.issued)
    expect(results.verdicts).toEqual({ other: 'waits' })
    expect(armIn(results, 'other').estimates.sales).not.toHaveProperty('low')
  })

  test('[X12] is nothing of what was before it began, and of no account that is outside', async () => {
    await publish(plain())
    await does(2, 'like', 50)
    await begin([{ field: 'earn.like.points', value: 3 }], { control: 1 })
    const outside = Array.from({ length: 40 }, (_, i) => i + 2).filter(
      (account) => playing.of(account).version === current.version,
    )
    for (const account of outside) await does(account, 'like', 10)
    const results = await found()
    expect(results.arms.reduce((sum, { viewers }) => sum + viewers, 0)).toBeLessThan(6)
  })
})

describe('two rules for a tier', () => {
  const BEAT_MS = MINUTE_MS
  /** Watches for so many minutes, a beat a minute. */
  async function watch(account: number, minutes: number, from: { nonce: number; beats: number }) {
    for (let n = 0; n < minutes; n++) {
      const beat = act(++seq, 'watch', { p1: from.nonce, p2: 1000 + ++from.beats })
      const answer = await doAs(account, [beat])
      from.nonce = answer.state.watch.nonce
      nowMs += BEAT_MS
    }
    return from
  }
  const rungOf = async (account: number) =>
    (await doAs(account, [act(++seq, 'browse')])).state.tier.rung

  test('[X13 004-18] an order of 100 yuan makes one half Silver, five hours of watching the other', async () => {
    const attention = { beatSec: 60, maxGapSec: 90 }
    await publish(plain({ attention, demotion: { kind: 'highWater' } }))
    await begin([
      { field: 'earn.purchase.growth', value: 0 },
      { field: 'earn.watch_growth.growth', value: 100 },
    ])
    const { control, other } = accountsOf(2)
    const [buys = 0, watches = 0] = control
    const [buysToo = 0, watchesToo = 0] = other
    const buy = merchant()
    for (const account of [buys, buysToo]) {
      await buy(account, 99)
      expect(await rungOf(account)).toBe(0)
      await buy(account, 1)
    }
    expect([await rungOf(buys), await rungOf(buysToo)]).toEqual([1, 0])
    const [one, two] = [
      { nonce: 0, beats: 0 },
      { nonce: 0, beats: 0 },
    ]
    // The first beat starts the clock.
    await watch(watchesToo, 300, two)
    expect(await rungOf(watchesToo)).toBe(0)
    await watch(watchesToo, 1, two)
    expect(await rungOf(watchesToo)).toBe(1)
    await watch(watches, 302, one)
    expect(await rungOf(watches)).toBe(0)
    const results = await found()
    expect([CONTROL, 'other'].map((id) => armIn(results, id).sums)).toMatchObject([
      { tierUps: 1, salesFen: 10_000, watchedSec: 301 * 60 },
      { tierUps: 1, salesFen: 10_000, watchedSec: 300 * 60 },
    ])
  })
})

describe('two ratios of redemption', () => {
  const N = 110
  const LISTED = 20

  test('[X14 003-44] the one that leaves less inflation is found when the time is over, and not before', async () => {
    await publish(plain())
    const changes = [{ field: 'redemption.factor', value: 1.5 }]
    const trial = await begin(changes, { goal: 'inflation', guards: { fromViewers: 1 } })
    const { control, other } = accountsOf(N)
    const all = [...control, ...other]
    const startMs = nowMs
    // What they had before is earned before.
    nowMs = START_MS + 1
    for (const account of all) await does(account, 'like', 100 + (account % 7))
    nowMs = startMs
    for (const account of all) {
      await does(account, 'like', 40 + (account % 11))
      const { factor } = playing.of(account).book.redemption
      await redeem(account, LISTED * factor)
    }
    const early = await found()
    expect(early.verdicts).toEqual({ other: 'waits' })
    const value = (id: string) => armIn(early, id).estimates.inflation?.value ?? 0
    expect(value('other')).toBeLessThan(value(CONTROL))
    expect(armIn(early, 'other').estimates.inflation).not.toHaveProperty('low')

    nowMs = startMs + 8 * DAY_MS
    await pass(false)
    expect(await trial.list()).toMatchObject([{ state: 'ended', ended: { why: 'time' } }])
    await pass(true)
    expect(await trial.list()).toMatchObject([{ state: 'done' }])
    const results = must(await readResults(redis, 'trial'), 'results')
    expect(results.verdicts).toEqual({ other: 'better' })
    const { low = 0, high = 0 } = armIn(results, 'other').estimates.inflation ?? {}
    expect(low).toBeLessThan(high)
    expect(high).toBeLessThan(0)
    // By hand: everybody has one of seven stocks, earns one of eleven sums and spends 20 or 30.
    const earned = (of: number[], spend: number) =>
      of.reduce((sum, account) => sum + 40 + (account % 11) - spend, 0) /
      of.reduce((sum, account) => sum + 100 + (account % 7), 0)
    expect(armIn(results, CONTROL).estimates.inflation?.value).toBeCloseTo(earned(control, 20), 12)
    expect(armIn(results, 'other').estimates.inflation?.value).toBeCloseTo(earned(other, 30), 12)
    expect(await redis.keys('ff:*:study:*')).toEqual([])
  })
})

describe('guards', () => {
  test('[X15 003-05] an arm whose points cost more than 10 % of its sales ends by itself, and the other goes on', async () => {
    await publish(plain())
    const arms = [
      {
        id: 'dear',
        name: 'Dear',
        share: 300,
        changes: [{ field: 'earn.purchase.points', value: 20 }],
      },
      {
        id: 'fair',
        name: 'Fair',
        share: 300,
        changes: [{ field: 'earn.purchase.points', value: 2 }],
      },
    ]
    const guards = { costMille: 100, fromViewers: 3 }
    const trial = await begin([], { arms, control: 400, guards })
    const buy = merchant()
    const playersOf = (points: number) =>
      Array.from({ length: 120 }, (_, i) => i + 2).filter(
        (account) =>
          playing.of(account).book.earn.find(({ id }) => id === 'purchase')?.points === points,
      )
    const [dear, fair] = [playersOf(20), playersOf(2)]
    for (const account of [...dear.slice(0, 2), ...fair.slice(0, 5)]) await buy(account, 10)
    await found()
    expect(await trial.list()).toMatchObject([{ state: 'running', arms: [{ id: 'dear' }, {}] }])
    expect((await trial.list())[0]?.arms[0]?.stopped).toBeUndefined()
    for (const account of dear.slice(2, 4)) await buy(account, 10)
    const then = await found()
    expect(await trial.list()).toMatchObject([
      { state: 'running', arms: [{ id: 'dear', stopped: { why: 'cost' } }, { id: 'fair' }] },
    ])
    expect(armIn(then, 'dear')).toMatchObject({ costFen: 800, sums: { salesFen: 4000 } })
    await expect.poll(() => playersOf(20)).toEqual([])
    expect(playersOf(2)).toEqual(fair)
    // What its accounts do since is not the arm's any more.
    for (const account of dear) await buy(account, 10)
    const later = await found()
    expect(armIn(later, 'dear')).toEqual(armIn(then, 'dear'))
    expect(later.verdicts).toEqual({ dear: 'early', fair: 'waits' })
  })

  test('[X15] a brown-out of the platform ends an experiment, and so does another rulebook; neither has a winner', async () => {
    await publish(plain())
    const trial = await begin([{ field: 'earn.like.points', value: 2 }])
    await does(2, 'like')
    await pass(false, 1)
    expect(await trial.list()).toMatchObject([{ state: 'ended', ended: { why: 'brownout' } }])
    await pass(true)
    expect(await trial.list()).toMatchObject([{ state: 'done' }])
    expect((await readResults(redis, 'trial'))?.verdicts).toEqual({ other: 'early' })
    const again = { ...PLAN, id: 'again' }
    await trial.plan({
      ...again,
      arms: [{ id: 'x', name: 'X', share: 500, changes: [{ field: 'ceiling', value: 2 }] }],
    })
    expect(await trial.start('again', { by: 'mei', review: false })).toMatchObject({ ok: true })
    nowMs += MINUTE_MS
    await publish(plain({ note: 'next' }))
    await pass(true)
    expect(await trial.list()).toMatchObject([{ id: 'again', ended: { why: 'rulebook' } }, {}])
  })
})

describe('a pilot', () => {
  test('[X11 003-45] is counted by what was done in its rooms, and has no winner', async () => {
    await publish(plain())
    const where = { profiles: [], rooms: ['r1'] }
    const of = { unit: 'room', control: 0, where } as const
    const trial = await begin([{ field: 'earn.like.points', value: 3 }], of)
    for (const account of [2, 3]) await does(account, 'like', 10)
    const results = await found()
    expect(armIn(results, 'other')).toMatchObject({ viewers: 2, sums: { issued: 60 } })
    nowMs += 8 * DAY_MS
    await pass(true)
    expect((await readResults(redis, 'trial'))?.verdicts).toEqual({ other: 'pilot' })
    expect(await trial.list()).toMatchObject([{ state: 'done' }])
  })
})

describe('a dry run', () => {
  test('[X16 DR1] of a time with two arms makes the ledger again, entry by entry: each by its own version', async () => {
    await stand.clean()
    stand = createStand(redis, { partitions: 1 })
    stand.deps.nowMs = () => nowMs
    const sandbox = createSandboxStand(redis)
    try {
      await publish(plain({ attention: { beatSec: 15, maxGapSec: 30 } }))
      await begin([
        { field: 'earn.like.points', value: 2.5 },
        { field: 'earn.like.perDay', value: 25 },
        { field: 'earn.purchase.points', value: 3 },
      ])
      const { control, other } = accountsOf(5)
      const buy = merchant()
      for (let round = 0; round < 4; round++)
        for (const account of [...control, ...other]) {
          await does(account, 'like', 7)
          if ((account + round) % 3 === 0) await buy(account, 10 + round)
          nowMs += 1000
        }
      const { proof, versions } = await sandbox.run({
        dataDirs: [await sandbox.archive()],
        sources: {
          book: (version) => rulebookVersion(redis, version),
          room: async () => ({ room: 'r1', profile: '', timeZone: 'Asia/Shanghai' }),
        },
        partitions: stand.bench.places,
      })
      expect(proof.differences).toEqual([])
      expect(proof.sameEntries).toBe(proof.entries)
      expect(proof.entries).toBeGreaterThan(40)
      expect(proof.sameBalances).toBe(10)
      expect(versions).toEqual([1, 2])
    } finally {
      sandbox.clean()
    }
  })
})
