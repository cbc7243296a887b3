import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../../shared/time.ts'
import { loadConfig } from '../../config.ts'
import { must, systemClock } from '../../kernel/index.ts'
import { configSlot, keyIn, type Store } from '../../redis/index.ts'
import type { TestRedis } from '../../redis/testing.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { act, createBench } from '../../scoring/bench.testing.ts'
import { changeGrowth, readHistory } from '../../scoring/index.ts'
import {
  accountKey,
  accountsKey,
  listHolders,
  markEnded,
  readAccountRecord,
  sweepSession,
} from '../../wallet/index.ts'
import { createWalletStand } from '../../wallet/testing.ts'
import { ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { segmentPaths } from '../segment-file.ts'
import { PLACE } from './archive.testing.ts'
import { archiveCommand } from './command.ts'
import { comparePartition } from './compare.ts'
import { ACCOUNTS, createRebuildStand, LIVE, type RebuildStand } from './rebuild.testing.ts'

let server: TestRedis
let redis: Store
let stand: RebuildStand
useRedis(async (started) => {
  server = started
  redis = await started.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createRebuildStand(redis)
})
afterEach(() => stand.clean())

const { slot } = PLACE
const livesKey = keyIn(configSlot, 'lives')

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
    const dir = await stand.archiveAll()
    await redis.flushall()
    expect((await stand.rebuild(dir)).problems).toEqual([])
    const before = await stand.snapshot()
    expect((await history()).lines).toHaveLength(6)

    expect(await wallets.issue(give)).toMatchObject({ ok: true, dup: true })
    expect(await wallets.take({ account: 1, id: 'take', points: 7 })).toMatchObject({ dup: true })
    expect(await wallets.hold(hold)).toMatchObject({
      dup: true,
      hold: { state: 'open', points: 200 },
    })
    expect(await wallets.capture({ account: 1, id: 'paid' })).toMatchObject({ dup: true })
    expect(await stand.snapshot()).toEqual(before)
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
    await stand.archive(dir, all)
    expect((await stand.verify([dir])).problems).toEqual([])
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
    const dir = await stand.archiveAll()
    await redis.flushall()
    expect((await stand.rebuild(dir)).problems).toEqual([])

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
    const dir = await stand.archiveAll()
    await redis.flushall()
    expect((await stand.rebuild(dir)).problems).toEqual([])
    for (const growth of [50, 70])
      expect(await changeGrowth(redis, at, { ...change, growth })).toMatchObject({
        ...{ tag: 'replayed', growth: 50 },
      })
    expect((await stand.snapshot()).records[0]?.ladders).toMatchObject([{ growth: 50 }])
  })

  test('[AR11] what pays once has been paid, and numbers of lives are not given again', async () => {
    const bench = createBench(redis)
    bench.room.live = 41
    await bench.score(systemClock.now(), [{ account: 1, actions: [act(1, 'like', { units: 5 })] }])
    const dir = await stand.archiveAll()
    await redis.flushall()
    expect((await stand.rebuild(dir)).problems).toEqual([])
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
    const dir = await stand.archiveAll()
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
    const dir = await stand.archiveAll()
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
