import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../../shared/time.ts'
import { loadConfig } from '../../config.ts'
import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { configSlot, keyIn } from '../../redis/index.ts'
import type { TestRedis } from '../../redis/testing.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { act, createBench } from '../../scoring/bench.testing.ts'
import { changeGrowth, readHistory } from '../../scoring/index.ts'
import {
  accountKey,
  accountsKey,
  expire,
  listHolders,
  markEnded,
  openKey,
  readAccountRecord,
  readHoldRecord,
  settlementKey,
  sweepSession,
  totalsKey,
} from '../../wallet/index.ts'
import { createWalletStand } from '../../wallet/testing.ts'
import { ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { segmentPaths } from '../segment-file.ts'
import { silent } from '../worker.testing.ts'
import { type ArchiveStand, createArchiveStand, PLACE } from './archive.testing.ts'
import { archiveCommand } from './command.ts'
import { comparePartition } from './compare.ts'
import { rebuildPartition } from './rebuild.ts'

let server: TestRedis
let redis: Store
let folders: ArchiveStand
useRedis(async (started) => {
  server = started
  redis = await started.connect()
})
beforeEach(async () => {
  await redis.flushall()
  folders = createArchiveStand(redis)
})
afterEach(() => folders.clean())

const { slot } = PLACE
const ACCOUNTS = [1, 2, 3]
const LIVE = 7
const livesKey = keyIn(configSlot, 'lives')

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

async function snapshot() {
  const records = await Promise.all(
    ACCOUNTS.map(async (account) => {
      const bytes = await redis.getBuffer(accountKey(slot, account))
      if (!bytes) return undefined
      const { sectionBytes: _, ...record } = readAccountRecord(bytes)
      return record
    }),
  )
  const names = (await redis.keys('*:hold:*')).sort()
  const holds = await Promise.all(
    names.map(async (name) => {
      const { settledBy: _, ...hold } = readHoldRecord(
        name,
        must(await redis.getBuffer(name), name),
      )
      return hold
    }),
  )
  const open = await Promise.all(ACCOUNTS.map((account) => redis.smembers(openKey(slot, account))))
  return {
    records,
    holds,
    open: open.map((ids) => ids.sort()),
    totals: await redis.hgetall(totalsKey(slot)),
    settlement: await redis.hgetall(settlementKey(slot)),
  }
}

/** Numbers that are 0 may be there or not. */
const withoutZeros = (hash: Record<string, string>) =>
  Object.fromEntries(Object.entries(hash).filter(([, value]) => value !== '0'))

async function archiveAll(): Promise<string> {
  const dir = folders.folder()
  const all = await readAfter(redis, slot, { after: ZERO, limit: 100_000 })
  await folders.archive(dir, all, { rollBytes: 2000, batch: 20 })
  return dir
}

const rebuild = (dir: string) =>
  rebuildPartition(
    {
      ...{ store: redis, dataDirs: [dir], log: silent, witnesses: () => [] },
      // As if it happened right after the newest change.
      clock: { ...systemClock, now: () => 0 },
      partitions: createWalletStand(redis).places,
    },
    PLACE,
  )

describe('replay', () => {
  test('[AR10] whatever happened to wallets, the archive alone has every lot, hold and debt of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 120 }), async (steps) => {
        await redis.flushall()
        await play(steps)
        const dir = await archiveAll()
        const before = await snapshot()
        expect((await comparePartition(redis, PLACE, [dir])).problems).toEqual([])

        await redis.flushall()
        const { problems, elements } = await rebuild(dir)
        expect(problems).toEqual([])
        if (elements === 0) return
        expect((await comparePartition(redis, PLACE, [dir])).problems).toEqual([])
        const after = await snapshot()
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
      const lots = [
        { issuer: 1 + (i % 5), points: 10 + i, month: i % 9 === 0 ? 0 : 317 + (i % 40) },
      ]
      await wallet.wallets.issue({ account: 1, id: `issue-${i}`, cause: 'prize', lots })
      if (i % 7 === 0)
        await wallet.wallets.hold({
          ...{ account: 1, id: `hold-${i}`, points: 30 + i, forMs: 60_000, at: 1, use: 'checkout' },
        })
      if (i % 14 === 0) await wallet.wallets.void({ account: 1, id: `hold-${i}` })
    }
    const before = await snapshot()
    expect(before.records[0]?.wallet.lots.length).toBe(32)
    const dir = await archiveAll()
    await redis.flushall()
    expect((await rebuild(dir)).problems).toEqual([])
    expect((await snapshot()).records).toEqual(before.records)
  })

  test('[AR10] an entry that is missing is named, and nothing is written', async () => {
    const wallet = createWalletStand(redis)
    for (const id of ['one', 'two', 'three']) await wallet.give(1, 100, { id })
    const [first, , third] = await readAfter(redis, slot, { after: ZERO, limit: 10 })
    const dir = folders.folder()
    await redis.flushall()
    await folders.archive(dir, [must(first, 'the first'), must(third, 'the third')])
    await redis.flushall()
    const { problems } = await rebuild(dir)
    expect(problems).toEqual([
      expect.stringMatching(/account 0+1 has change 3 after 1, so something is missing/),
    ])
    expect(await redis.keys('*')).toEqual([])
  })
})

describe('a rebuilt Redis', () => {
  test('[AR11] takes no repeat for something new: issues, holds, refunds and commands of before', async () => {
    const wallet = createWalletStand(redis, { wallet: { renewal: 'spend' } })
    const bench = createBench(redis)
    const { wallets } = wallet
    const nowMs = systemClock.now()
    wallet.clock.nowMs = nowMs
    const give = {
      account: 1,
      id: 'give',
      cause: 'prize',
      lots: [{ issuer: 1, points: 500 }],
    } as const
    const hold = {
      account: 1,
      id: 'hold',
      points: 200,
      forMs: 86_400_000,
      at: 1,
      use: 'checkout',
    } as const
    await wallets.issue(give)
    await wallets.hold(hold)
    await wallets.hold({ ...hold, id: 'paid', points: 50 })
    await wallets.capture({ account: 1, id: 'paid' })
    await wallets.take({ account: 1, id: 'take', points: 7 })
    const like = { account: 1, actions: [act(1, 'like', { units: 5 })] }
    await bench.score(nowMs, [like])
    const history = () => readHistory(redis, { slot, account: 1, limit: 10 })
    const dir = await archiveAll()
    await redis.flushall()
    expect((await rebuild(dir)).problems).toEqual([])
    const before = await snapshot()
    expect((await history()).lines).toHaveLength(6)

    expect(await wallets.issue(give)).toMatchObject({ ok: true, dup: true })
    expect(await wallets.take({ account: 1, id: 'take', points: 7 })).toMatchObject({ dup: true })
    expect(await wallets.hold(hold)).toMatchObject({
      dup: true,
      hold: { state: 'open', points: 200 },
    })
    expect(await wallets.capture({ account: 1, id: 'paid' })).toMatchObject({ dup: true })
    expect(await snapshot()).toEqual(before)
    expect(await bench.score(nowMs + 1000, [like])).toMatchObject({
      tag: 'scored',
      answers: [{ status: 'session_expired' }],
    })

    // And life goes on.
    expect(await wallets.capture({ account: 1, id: 'hold', points: 150 })).toMatchObject({
      ok: true,
    })
    const refund = { account: 1, id: 'paid', refundId: 'back', points: 20 }
    expect(await wallets.refund(refund)).toMatchObject({ ok: true, hold: { refunded: 20 } })
    const session = { startMs: nowMs + 60_000, nonce: 9 }
    await bench.score(nowMs + 60_000, [{ ...like, session }])
    const all = await readAfter(redis, slot, { after: ZERO, limit: 100 })
    expect(all).toHaveLength(3)
    await folders.archive(dir, all)
    expect((await folders.verify([dir])).problems).toEqual([])
    expect((await comparePartition(redis, PLACE, [dir])).problems).toEqual([])
  })

  test('[AR11 W10] what was spent up to 400 days ago can come back; what is held of a live is found at its end', async () => {
    const { wallets, clock, give } = createWalletStand(redis)
    await give(1, 1000)
    const order = { account: 1, points: 100, forMs: 60_000, at: 1, use: 'checkout' } as const
    const spend = async (id: string) => {
      await wallets.hold({ ...order, id })
      await wallets.capture({ account: 1, id })
    }
    await spend('too-old')
    clock.nowMs += 100 * DAY_MS
    await spend('old')
    clock.nowMs += 310 * DAY_MS
    const sessionBench = createBench(redis, {
      earn: createBench(redis).book.earn.map((rule) => ({ ...rule, bucket: 'session' as const })),
    })
    sessionBench.room.live = LIVE
    const like = { account: 2, actions: [act(1, 'like', { units: 30 })] }
    await sessionBench.score(clock.nowMs, [like])
    const [lot] = (await wallets.readRecord(2)).wallet.lots
    const all = { points: lot?.points ?? 0, live: LIVE, pay: 'session' } as const
    expect(
      await wallets.hold({ ...order, ...all, account: 2, id: 'all', issuers: [] }),
    ).toMatchObject({
      ok: true,
    })
    const dir = await archiveAll()
    await redis.flushall()
    expect((await rebuild(dir)).problems).toEqual([])

    expect(await wallets.refund({ account: 1, id: 'old', refundId: 'b1' })).toMatchObject({
      hold: { refunded: 100 },
    })
    expect(await wallets.refund({ account: 1, id: 'too-old', refundId: 'b2' })).toMatchObject({
      code: 'hold_not_found',
    })
    expect(await wallets.void({ account: 2, id: 'all' })).toMatchObject({ ok: true })
    const { nowMs } = clock
    await markEnded(redis, slot, LIVE)
    const { holders } = await listHolders(redis, { slot, live: LIVE, from: '0' })
    await sweepSession(redis, { slot, live: LIVE, journalMax: 1_000_000, nowMs }, holders)
    expect((await wallets.readRecord(2)).wallet.lots).toEqual([])
  })

  test('[AR18] growth is not given again under an id of before', async () => {
    const { book } = createWalletStand(redis)
    const at = { slot, book, journalMax: 1_000_000 }
    const change = { account: 1, id: 'club-3-fan', cause: 'club_rung', subject: 'club 3' } as const
    await changeGrowth(redis, at, { ...change, growth: 50 })
    const dir = await archiveAll()
    await redis.flushall()
    expect((await rebuild(dir)).problems).toEqual([])
    for (const growth of [50, 70])
      expect(await changeGrowth(redis, at, { ...change, growth })).toMatchObject({
        ...{ tag: 'replayed', growth: 50 },
      })
    expect((await snapshot()).records[0]?.ladders).toMatchObject([{ growth: 50 }])
  })

  test('[AR11] what pays once has been paid, and numbers of lives are not given again', async () => {
    const bench = createBench(redis)
    bench.room.live = 41
    await bench.score(systemClock.now(), [{ account: 1, actions: [act(1, 'like', { units: 5 })] }])
    const dir = await archiveAll()
    await redis.flushall()
    expect((await rebuild(dir)).problems).toEqual([])
    const record = must(await redis.getBuffer(accountKey(slot, 1)), 'a record')
    expect(readAccountRecord(record).sectionBytes[3]).toBe(1 + 5 + 5 + 5)
    expect(await redis.get(livesKey)).toBe('41')
  })
})

describe('commands', () => {
  const config = (dir: string) =>
    loadConfig({
      REDIS_URL: server.url,
      FANFARE_DEMO: '1',
      FANFARE_PARTITIONS: '1',
      FANFARE_DATA_DIR: dir,
    })

  test('[AR12 002-42] `rebuild` fills an empty Redis and no other; `compare` names every difference', async () => {
    const wallet = createWalletStand(redis)
    for (const account of ACCOUNTS) await wallet.give(account, 100 * account, { month: 330 })
    const dir = await archiveAll()
    const full = await archiveCommand(['rebuild'], config(dir))
    expect(full).toMatchObject({
      code: 1,
      text: expect.stringMatching(/^This Redis is not empty: it has /),
    })

    await redis.flushall()
    const rebuilt = await archiveCommand(['rebuild'], config(dir))
    expect(rebuilt.code).toBe(0)
    expect(rebuilt.text).toMatch(/^spendable +600$/m)
    const same = await archiveCommand(['compare'], config(dir))
    expect(same).toMatchObject({ code: 0, text: expect.stringContaining('agree in every lot') })

    const record = must(await redis.getBuffer(accountKey(slot, 2)), 'a record')
    record.writeUInt8(
      record.readUInt8(record.indexOf(Buffer.from([1, 74, 0])) + 1) + 1,
      record.indexOf(Buffer.from([1, 74, 0])) + 1,
    )
    await redis.set(accountKey(slot, 2), record)
    await redis.srem(accountsKey(slot), 3)
    const other = await archiveCommand(['compare'], config(dir))
    expect(other.code).toBe(1)
    expect(other.text).toMatch(
      /account 0+2: lots: the archive says 200 spendable of issuer 1, live 0, month 330, Redis 200 spendable of issuer 1, live 0, month 331/,
    )
    expect(other.text).toMatch(/account 0+3 is not in Redis/)
  })

  test('[AR12] an archive that was spoilt is not rebuilt from', async () => {
    const wallet = createWalletStand(redis)
    for (let i = 0; i < 5; i++) await wallet.give(1, 100, { id: `give-${i}` })
    const dir = await archiveAll()
    await redis.flushall()
    const path = must(segmentPaths(dir, 0)[0], 'a segment')
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(90) ^ 1, 90)
    writeFileSync(path, bytes)
    const { code, text } = await archiveCommand(['rebuild'], config(dir))
    expect(code).toBe(1)
    expect(text).toMatch(/was changed, or what was before it/)
    expect(await redis.keys('*')).toEqual([])
  })
})
