import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { must } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { act, createBench } from '../../scoring/bench.testing.ts'
import { changeGrowth } from '../../scoring/index.ts'
import { expire, markEnded, sweepSession } from '../../wallet/index.ts'
import { createWalletStand } from '../../wallet/testing.ts'
import { ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { PLACE } from './archive.testing.ts'
import { comparePartition } from './compare.ts'
import { ACCOUNTS, createRebuildStand, LIVE, type RebuildStand } from './rebuild.testing.ts'

let redis: Store
let stand: RebuildStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createRebuildStand(redis)
})
afterEach(() => stand.clean())

const { slot } = PLACE

/** One thing that happens to an account. */
const step = fc.record({
  what: fc.constantFrom(
    ...([
      'like',
      'session',
      'issue',
      'issue',
      'promise',
      'hold',
      'hold',
      'capture',
      'void',
    ] as const),
    ...([
      'refund',
      'take',
      'freeze',
      'unfreeze',
      'renew',
      'expire',
      'later',
      'end',
      'grow',
    ] as const),
  ),
  account: fc.constantFrom(...ACCOUNTS),
  points: fc.integer({ min: 1, max: 400 }),
  issuer: fc.integer({ min: 1, max: 6 }),
  months: fc.integer({ min: 0, max: 12 }),
  pick: fc.nat(5),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Plays steps with the real scripts; answers what stood at the end. */
async function play(steps: readonly Step[]) {
  const wallet = createWalletStand(redis, {
    wallet: { expiry: { kind: 'rolling', months: 12 }, renewal: 'spend' },
  })
  const bench = createBench(redis)
  const sessionBench = createBench(redis, {
    earn: bench.book.earn.map((rule) => ({ ...rule, bucket: 'session' as const })),
  })
  sessionBench.room.live = LIVE
  const holds: { account: number; id: string }[] = []
  let seq = 0
  for (const [no, { what, account, points, issuer, months, pick }] of steps.entries()) {
    const id = `step-${no}`
    const nowMs = wallet.clock.nowMs
    const month = months === 0 ? 0 : 316 + months
    const chosen = holds.filter((hold) => hold.account === account).at(-1 - pick)
    switch (what) {
      case 'like':
      case 'session': {
        const viewer = { account, actions: [act(++seq, 'like', { units: points % 30 })] }
        await (what === 'like' ? bench : sessionBench).score(nowMs, [viewer])
        break
      }
      case 'issue':
      case 'promise': {
        const lots = [{ issuer, points, month }]
        const pendingMs = what === 'promise' ? 86_400_000 : 0
        await wallet.wallets.issue({
          account,
          id,
          cause: 'prize',
          lots,
          pendingMs,
          note: 'because',
        })
        if (what === 'promise') holds.push({ account, id })
        break
      }
      case 'hold': {
        const held = await wallet.wallets.hold({
          ...{ account, id, points, forMs: 60_000, at: issuer, live: LIVE, subject: `thing-${no}` },
          use: pick === 0 ? 'transfer' : 'redemption',
        })
        if (held.ok) holds.push({ account, id })
        break
      }
      case 'capture':
        if (chosen)
          await wallet.wallets.capture({ ...chosen, points: pick % 2 === 0 ? 0 : 1, late: true })
        break
      case 'void':
        if (chosen) await wallet.wallets.void(chosen)
        break
      case 'refund':
        if (chosen) await wallet.wallets.refund({ ...chosen, refundId: id, points: pick })
        break
      case 'take':
        await wallet.wallets.take({ account, id, points, partial: true })
        break
      case 'freeze':
      case 'unfreeze':
        await wallet.wallets.freeze({ account, id, freeze: what === 'freeze', by: 'operator' })
        break
      case 'renew':
        await wallet.wallets.renew({ account, id, points, at: 1 })
        break
      case 'grow': {
        const at = { slot, book: wallet.book, journalMax: 1_000_000, nowMs }
        const growth = pick > 2 ? points * 20 : -points
        await changeGrowth(redis, at, { account, id, growth, cause: 'merged_in', subject: '' })
        break
      }
      case 'later':
        wallet.clock.nowMs += 20 * 86_400_000
        break
      case 'expire':
        await expire(
          redis,
          { slot, timeZone: 'Asia/Shanghai', journalMax: 1e6, nowMs, aroundMs: nowMs },
          ACCOUNTS,
        )
        break
      case 'end':
        if (pick > 0) break
        await markEnded(redis, slot, LIVE)
        await sweepSession(redis, { slot, live: LIVE, journalMax: 1_000_000, nowMs }, ACCOUNTS)
        break
    }
  }
  return wallet
}

/** Numbers that are 0 may be there or not. */
const withoutZeros = (hash: Record<string, string>) =>
  Object.fromEntries(Object.entries(hash).filter(([, value]) => value !== '0'))

test('[AR10] whatever happened to wallets, the archive alone has every lot, hold and debt of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 120 }), async (steps) => {
      await redis.flushall()
      await play(steps)
      const dir = await stand.archiveAll()
      const before = await stand.snapshot()
      expect((await comparePartition(redis, PLACE, [dir])).problems).toEqual([])

      await redis.flushall()
      const { problems, elements } = await stand.rebuild(dir)
      expect(problems).toEqual([])
      if (elements === 0) return
      expect((await comparePartition(redis, PLACE, [dir])).problems).toEqual([])
      const after = await stand.snapshot()
      expect(after.records).toEqual(before.records)
      expect(after.open).toEqual(before.open)
      expect(after.holds).toEqual(before.holds)
      expect(withoutZeros(after.totals)).toEqual(withoutZeros(before.totals))
      expect(withoutZeros(after.settlement)).toEqual(withoutZeros(before.settlement))
    }),
    { numRuns: 60 },
  )
})

test('[AR10] a wallet with more kinds of points than it keeps lots is replayed as it was merged', async () => {
  const wallet = createWalletStand(redis)
  for (let i = 0; i < 70; i++) {
    const lots = [{ issuer: 1 + (i % 5), points: 10 + i, month: i % 9 === 0 ? 0 : 317 + (i % 40) }]
    await wallet.wallets.issue({ account: 1, id: `issue-${i}`, cause: 'prize', lots })
    if (i % 7 === 0)
      await wallet.wallets.hold({
        ...{ account: 1, id: `hold-${i}`, points: 30 + i, forMs: 60_000, at: 1, use: 'checkout' },
      })
    if (i % 14 === 0) await wallet.wallets.void({ account: 1, id: `hold-${i}` })
  }
  const before = await stand.snapshot()
  expect(before.records[0]?.wallet.lots.length).toBe(32)
  const dir = await stand.archiveAll()
  await redis.flushall()
  expect((await stand.rebuild(dir)).problems).toEqual([])
  expect((await stand.snapshot()).records).toEqual(before.records)
})

test('[AR10] an entry that is missing is named, and nothing is written', async () => {
  const wallet = createWalletStand(redis)
  for (const id of ['one', 'two', 'three']) await wallet.give(1, 100, { id })
  const [first, , third] = await readAfter(redis, slot, { after: ZERO, limit: 10 })
  const dir = stand.folder()
  await redis.flushall()
  await stand.archive(dir, [must(first, 'the first'), must(third, 'the third')])
  await redis.flushall()
  const { problems } = await stand.rebuild(dir)
  expect(problems).toEqual([
    expect.stringMatching(/account 0+1 has change 3 after 1, so something is missing/),
  ])
  expect(await redis.keys('*')).toEqual([])
})
