/** Records that an older release wrote are read, and written anew at the next touch. */

import { beforeEach, expect, test } from 'vitest'
import { must, Packer } from '../kernel/index.ts'
import { ACCOUNT_RECORD, type Store, VISIT_RECORD } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { accountKey, readAccountRecord } from '../wallet/index.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { visitKey } from './keys.ts'
import fragments from './lua/fragments.lua'
import { readAccount } from './read-account.ts'

const ACCOUNT = 5
const SESSION = { startMs: START_MS, nonce: 1 }
/** Days and minutes since 1970 in Shanghai. */
const DAY = 20574
const MINUTE = START_MS / 60_000

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)
beforeEach(() => redis.flushall())

/** Version 1: lengths behind the head, then the sections. */
function first(changes: number, sections: readonly Packer[]): Buffer {
  const out = new Packer().u8(1).u8(0).u48(changes)
  for (const section of sections) out.u16(section.bytes().length)
  for (const section of sections) out.raw(section.bytes())
  return out.bytes()
}

const oldAccount = () =>
  first(9, [
    new Packer().u48(0).u8(1).u48(SESSION.startMs).u32(1).u32(8).u32(255).u48(START_MS).u16(1),
    new Packer()
      .u48(70)
      .u48(0)
      .u48(10)
      .u48(0)
      .u48(0)
      .u48(0)
      .u16(250)
      .u16(0)
      .u8(2)
      .u8(1)
      .u16(1)
      .u32(0)
      .u16(0)
      .u48(55)
      .u8(4)
      .u16(0)
      .u32(0)
      .u16(0)
      .u48(5),
    new Packer().u8(1).u8(1).u8(0).u16(0).u48(3).u16(0),
    new Packer().u8(2).u32(DAY).u8(2).u8(0).u32(60).u8(1).u32(19).u32(0).u8(1).u8(9).u32(1),
    new Packer().u48(0).u48(0).u48(0).u32(0).u8(0).u8(1).u32(7).u32(1).u32(100),
  ])
const oldVisit = () =>
  first(9, [
    new Packer().u8(2).u32(MINUTE).u8(1).u8(1).u32(19).u32(DAY).u8(0),
    new Packer().u48(1000).u48(1000).u48(0).u48(0).u48(40).u32(1).u32(2).u32(3).u32(4),
    new Packer().u8(0),
  ])

async function keepOld(): Promise<ReturnType<typeof createBench>> {
  const bench = createBench(redis, {
    earn: [{ id: 'like', no: 1, action: 'like', points: 1, caps: { perMinute: 20, perDay: 20 } }],
  })
  const slot = bench.places.slotOf(ACCOUNT)
  await redis.set(accountKey(slot, ACCOUNT), oldAccount())
  await redis.set(visitKey(slot, ACCOUNT, bench.room.live), oldVisit())
  return bench
}

test('[S35] an account and a visit of the first version go on where they were', async () => {
  const bench = await keepOld()
  const slot = bench.places.slotOf(ACCOUNT)
  const key = accountKey(slot, ACCOUNT)
  const before = await readAccount(redis, {
    ...{ slot, account: ACCOUNT, live: bench.room.live, session: SESSION },
    ...{ timeZone: bench.book.timeZone, aroundMs: START_MS, nowMs: START_MS },
  })
  expect(before?.state).toMatchObject({
    version: 9,
    balance: { spendable: 55, held: 5 },
    tier: { growth: 3 },
    applied: { high: 8, mask: 255 },
    live: { points: 40, watchedMs: 1000 },
  })
  // The counter of the old record leaves one like of three.
  const answer = await bench.one(START_MS, {
    account: ACCOUNT,
    actions: [act(8, 'like'), act(9, 'like', { units: 3 })],
  })
  expect(answer.outcomes).toEqual(['dup', 'applied'])
  expect(answer.entry?.receipts).toMatchObject([{ counted: 1, units: 3, points: 1 }])
  expect(answer.state).toMatchObject({
    version: 10,
    balance: { spendable: 56, held: 5 },
    live: { points: 41 },
  })
  const record = await redis.getBuffer(key)
  expect(record?.readUInt8(0)).toBe(2)
  expect(record && readAccountRecord(record).wallet).toMatchObject({ issued: 71, spent: 10 })
  const again = await bench.one(START_MS, { account: ACCOUNT, actions: [act(10, 'like')] })
  expect(again.entry?.receipts).toMatchObject([{ counted: 0, points: 0 }])
})

test('[S35] a record that was cut anywhere is not read, nor one whose last extra is', async () => {
  const bench = await createBench(redis)
  await bench.one(START_MS, { account: ACCOUNT, actions: [act(1, 'like')] })
  const slot = bench.places.slotOf(ACCOUNT)
  const key = accountKey(slot, ACCOUNT)
  const plain = must(await redis.getBuffer(key), 'a record')
  const extra = new Packer().u8(200).u16(3).raw(Buffer.from('abc')).bytes()
  const record = Buffer.concat([plain, extra])
  const readable: number[] = []
  for (let length = 1; length <= record.length; length++) {
    await redis.set(key, record.subarray(0, length))
    const read = await readAccount(redis, {
      ...{ slot, account: ACCOUNT, live: bench.room.live, session: SESSION },
      ...{ timeZone: bench.book.timeZone, aroundMs: START_MS, nowMs: START_MS },
    })
    if (read) readable.push(length)
  }
  expect(readable).toEqual([plain.length, record.length])
})

test('[S35] the fixed parts are as long as their formats', async () => {
  const sizes = `${fragments}
    local size = struct.size
    return {
      size('>' .. sessions.FIXED), size('>' .. lots.FIXED), size('>' .. growth.FIXED), size('>' .. limits.FIXED_DAY),
      size('>' .. attention.FIXED), size('>' .. limits.FIXED .. limits.FIXED), size('>' .. attention.VISIT_FIXED),
      size(record.ACCOUNT.parts), record.ACCOUNT.fixed, size(record.VISIT.parts), record.VISIT.fixed,
    }`
  const { bytes: account } = ACCOUNT_RECORD
  const { bytes: visit } = VISIT_RECORD
  expect(await redis.eval(sizes, 0)).toEqual([
    ...ACCOUNT_RECORD.fixed,
    ...VISIT_RECORD.fixed.slice(0, 2),
    ...[account, account, visit, visit],
  ])
})
