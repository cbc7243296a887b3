/** Which records are read, and that both sides lay them out alike. */

import { beforeEach, expect, test } from 'vitest'
import { must, Packer } from '../kernel/index.ts'
import { ACCOUNT_RECORD, PackedRecord, type Store, VISIT_RECORD } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { accountKey } from '../wallet/index.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import fragments from './lua/fragments.lua'
import { readAccount } from './read-account.ts'

const ACCOUNT = 5
const VERSION = 2
const SESSION = { startMs: START_MS, nonce: 1 }

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)
beforeEach(() => redis.flushall())

test('[S35] a record that was cut anywhere is not read, nor one whose last extra is, nor one of another version', async () => {
  const bench = await createBench(redis)
  await bench.one(START_MS, { account: ACCOUNT, actions: [act(1, 'like')] })
  const slot = bench.places.slotOf(ACCOUNT)
  const key = accountKey(slot, ACCOUNT)
  const plain = must(await redis.getBuffer(key), 'a record')
  const extra = new Packer().u8(200).u16(3).raw(Buffer.from('abc')).bytes()
  const record = Buffer.concat([plain, extra])
  const isRead = async (bytes: Buffer) => {
    await redis.set(key, bytes)
    const read = await readAccount(redis, {
      ...{ slot, account: ACCOUNT, live: bench.room.live, session: SESSION },
      ...{ timeZone: bench.book.timeZone, aroundMs: START_MS, nowMs: START_MS },
    })
    return read !== undefined
  }
  const readable: number[] = []
  for (let length = 1; length <= record.length; length++)
    if (await isRead(record.subarray(0, length))) readable.push(length)
  expect(readable).toEqual([plain.length, record.length])
  for (const version of [VERSION - 1, VERSION + 1]) {
    const other = Buffer.from(plain)
    other.writeUInt8(version)
    expect(await isRead(other)).toBe(false)
    expect(() => new PackedRecord(other, ACCOUNT_RECORD)).toThrow(/unknown version/)
  }
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
