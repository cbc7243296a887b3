import { describe, expect, test } from 'vitest'
import { CONTROL } from '../../shared/experiments.ts'
import { DAY_MS, MINUTE_MS } from '../../shared/time.ts'
import { readResults, type Stopped } from '../experiments/index.ts'
import { rulebookVersion } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { armIn, PLAN, plain, useTrial } from './experiments.testing.ts'
import { experimentsStopped } from './metrics.ts'
import { createSandboxStand } from './sandbox/sandbox.testing.ts'

const on = useTrial()

describe('what an experiment counts', () => {
  test('[X12 003-05] is what the journal says of the accounts of each arm, each element once, whoever counts it', async () => {
    await on.publish(plain())
    await on.begin([{ field: 'earn.like.points', value: 3 }])
    const { control, other } = on.accountsOf(4)
    const buy = on.merchant()
    for (const account of [...control, ...other]) {
      await on.does(account, 'like', 10)
      if (account % 2 === 0) await buy(account, 30 + account)
    }
    await on.count()
    for (const account of [control[0], other[0], other[1]]) if (account) await on.redeem(account, 5)
    const results = await on.found()
    // A worker that died begins again from what is stored, not from what it remembers.
    await on.count(100)
    await on.pass(false)
    expect(await readResults(on.redis, 'trial')).toMatchObject({ arms: results.arms })
    for (const [id, accounts] of [
      [CONTROL, control],
      ['other', other],
    ] as const) {
      const { sums, viewers, active, costFen } = armIn(results, id)
      const { issued, spent, net, salesFen } = await on.recounted(accounts)
      expect({ id, ...sums }).toMatchObject({ id, issued, spent, net, salesFen })
      expect([viewers, active, costFen]).toEqual([4, 4, issued])
    }
    expect(armIn(results, 'other').sums.issued).toBeGreaterThan(armIn(results, CONTROL).sums.issued)
    expect(results.verdicts).toEqual({ other: 'waits' })
    expect(armIn(results, 'other').estimates.sales).not.toHaveProperty('low')
  })

  test('[X12] is nothing of what was before it began, and of no account that is outside', async () => {
    await on.publish(plain())
    await on.does(2, 'like', 50)
    await on.begin([{ field: 'earn.like.points', value: 3 }], { control: 1 })
    const outside = Array.from({ length: 40 }, (_, i) => i + 2).filter(
      (account) => on.playing.of(account).version === on.current.version,
    )
    for (const account of outside) await on.does(account, 'like', 10)
    const results = await on.found()
    expect(results.arms.reduce((sum, { viewers }) => sum + viewers, 0)).toBeLessThan(6)
  })
})

describe('two rules for a tier', () => {
  const BEAT_MS = MINUTE_MS
  /** Watches for so many minutes, a beat a minute. */
  async function watch(account: number, minutes: number, from: { nonce: number; beats: number }) {
    for (let n = 0; n < minutes; n++) {
      const beat = on.act('watch', { p1: from.nonce, p2: 1000 + ++from.beats })
      const answer = await on.doAs(account, [beat])
      from.nonce = answer.state.watch.nonce
      on.nowMs += BEAT_MS
    }
    return from
  }
  const rungOf = async (account: number) =>
    (await on.doAs(account, [on.act('browse')])).state.tier.rung

  test('[X13 004-18] an order of 100 yuan makes one half Silver, five hours of watching the other', async () => {
    const attention = { beatSec: 60, maxGapSec: 90 }
    await on.publish(plain({ attention, demotion: { kind: 'highWater' } }))
    await on.begin([
      { field: 'earn.purchase.growth', value: 0 },
      { field: 'earn.watch_growth.growth', value: 100 },
    ])
    const { control, other } = on.accountsOf(2)
    const [buys = 0, watches = 0] = control
    const [buysToo = 0, watchesToo = 0] = other
    const buy = on.merchant()
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
    const results = await on.found()
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
    await on.publish(plain())
    const changes = [{ field: 'redemption.factor', value: 1.5 }]
    const trial = await on.begin(changes, { goal: 'inflation', guards: { fromViewers: 1 } })
    const { control, other } = on.accountsOf(N)
    const all = [...control, ...other]
    const startMs = on.nowMs
    // What they had before is earned before.
    on.nowMs = START_MS + 1
    for (const account of all) await on.does(account, 'like', 100 + (account % 7))
    on.nowMs = startMs
    for (const account of all) {
      await on.does(account, 'like', 40 + (account % 11))
      const { factor } = on.playing.of(account).book.redemption
      await on.redeem(account, LISTED * factor)
    }
    const early = await on.found()
    expect(early.verdicts).toEqual({ other: 'waits' })
    const value = (id: string) => armIn(early, id).estimates.inflation?.value ?? 0
    expect(value('other')).toBeLessThan(value(CONTROL))
    expect(armIn(early, 'other').estimates.inflation).not.toHaveProperty('low')

    on.nowMs = startMs + 8 * DAY_MS
    await on.pass(false)
    expect(await trial.list()).toMatchObject([{ state: 'ended', ended: { why: 'time' } }])
    await on.pass(true)
    expect(await trial.list()).toMatchObject([{ state: 'done' }])
    const results = must(await readResults(on.redis, 'trial'), 'results')
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
    expect(await on.redis.keys('ff:*:study:*')).toEqual([])
  })
})

describe('guards', () => {
  test('[X15 003-05] an arm whose points cost more than 10 % of its sales ends by itself, and the other goes on', async () => {
    await on.publish(plain())
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
    const trial = await on.begin([], { arms, control: 400, guards })
    const heard = await on.listen()
    const buy = on.merchant()
    const playersOf = (points: number) =>
      Array.from({ length: 120 }, (_, i) => i + 2).filter(
        (account) =>
          on.playing.of(account).book.earn.find(({ id }) => id === 'purchase')?.points === points,
      )
    const [dear, fair] = [playersOf(20), playersOf(2)]
    for (const account of [...dear.slice(0, 2), ...fair.slice(0, 5)]) await buy(account, 10)
    await on.found()
    expect(await trial.list()).toMatchObject([{ state: 'running', arms: [{ id: 'dear' }, {}] }])
    expect((await trial.list())[0]?.arms[0]?.stopped).toBeUndefined()
    expect(await heard()).toEqual([])
    for (const account of dear.slice(2, 4)) await buy(account, 10)
    await on.count()
    // Whoever dies between telling and writing it down tells it again, which is one delivery.
    const died = new Error('died')
    const dying = async (stopped: Stopped) => {
      await on.told(stopped)
      throw died
    }
    await expect(on.pass(false, 0, dying)).rejects.toThrow(died)
    expect((await trial.list())[0]?.arms[0]?.stopped).toBeUndefined()
    const then = await on.found()
    expect(await heard()).toEqual([
      { experiment: 'trial', name: 'Trial', arm: 'dear', why: 'cost' },
    ])
    expect(await trial.list()).toMatchObject([
      { state: 'running', arms: [{ id: 'dear', stopped: { why: 'cost' } }, { id: 'fair' }] },
    ])
    expect(armIn(then, 'dear')).toMatchObject({ costFen: 800, sums: { salesFen: 4000 } })
    await expect.poll(() => playersOf(20)).toEqual([])
    expect(playersOf(2)).toEqual(fair)
    // What its accounts do since is not the arm's any more.
    for (const account of dear) await buy(account, 10)
    const later = await on.found()
    expect(armIn(later, 'dear')).toEqual(armIn(then, 'dear'))
    expect(later.verdicts).toEqual({ dear: 'early', fair: 'waits' })
  })

  test('[X15] a brown-out of the platform ends an experiment, and so does another rulebook; neither has a winner', async () => {
    await on.publish(plain())
    const trial = await on.begin([{ field: 'earn.like.points', value: 2 }])
    const heard = await on.listen()
    await on.does(2, 'like')
    await on.pass(false, 1)
    expect(await heard()).toEqual([{ experiment: 'trial', name: 'Trial', why: 'brownout' }])
    const { values } = await experimentsStopped.get()
    expect(values.find(({ labels }) => labels.why === 'brownout')?.value).toBeGreaterThan(0)
    expect(await trial.list()).toMatchObject([{ state: 'ended', ended: { why: 'brownout' } }])
    await on.pass(true)
    expect(await trial.list()).toMatchObject([{ state: 'done' }])
    expect((await readResults(on.redis, 'trial'))?.verdicts).toEqual({ other: 'early' })
    const again = { ...PLAN, id: 'again' }
    await trial.plan({
      ...again,
      arms: [{ id: 'x', name: 'X', share: 500, changes: [{ field: 'ceiling', value: 2 }] }],
    })
    expect(await trial.start('again', { by: 'mei', review: false })).toMatchObject({ ok: true })
    on.nowMs += MINUTE_MS
    await on.publish(plain({ note: 'next' }))
    await on.pass(true)
    expect(await trial.list()).toMatchObject([{ id: 'again', ended: { why: 'rulebook' } }, {}])
  })
})

describe('a pilot', () => {
  test('[X11 003-45] is counted by what was done in its rooms, and has no winner', async () => {
    await on.publish(plain())
    const where = { profiles: [], rooms: ['r1'] }
    const of = { unit: 'room', control: 0, where } as const
    const trial = await on.begin([{ field: 'earn.like.points', value: 3 }], of)
    for (const account of [2, 3]) await on.does(account, 'like', 10)
    const results = await on.found()
    expect(armIn(results, 'other')).toMatchObject({ viewers: 2, sums: { issued: 60 } })
    on.nowMs += 8 * DAY_MS
    await on.pass(true)
    expect((await readResults(on.redis, 'trial'))?.verdicts).toEqual({ other: 'pilot' })
    expect(await trial.list()).toMatchObject([{ state: 'done' }])
  })
})

describe('a dry run', () => {
  test('[X16 DR1] of a time with two arms makes the ledger again, entry by entry: each by its own version', async () => {
    await on.renew(1)
    const sandbox = createSandboxStand(on.redis)
    try {
      await on.publish(plain({ attention: { beatSec: 15, maxGapSec: 30 } }))
      await on.begin([
        { field: 'earn.like.points', value: 2.5 },
        { field: 'earn.like.perDay', value: 25 },
        { field: 'earn.purchase.points', value: 3 },
      ])
      const { control, other } = on.accountsOf(5)
      const buy = on.merchant()
      for (let round = 0; round < 4; round++)
        for (const account of [...control, ...other]) {
          await on.does(account, 'like', 7)
          if ((account + round) % 3 === 0) await buy(account, 10 + round)
          on.nowMs += 1000
        }
      const { proof, versions } = await sandbox.run({
        dataDirs: [await sandbox.archive()],
        sources: {
          book: (version) => rulebookVersion(on.redis, version),
          room: async () => ({ room: 'r1', profile: '', timeZone: 'Asia/Shanghai' }),
        },
        partitions: on.partitions,
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
