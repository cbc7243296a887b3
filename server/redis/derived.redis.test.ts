import { beforeEach, expect, test } from 'vitest'
import { must, systemClock } from '../kernel/index.ts'
import { DerivedRecords, PLACE, type Todo } from './derived.ts'
import { keyIn } from './keys.ts'
import { Newcomers } from './newcomers.ts'
import { createPartitions } from './partitions.ts'
import type { Store } from './script.ts'
import { openTestClock } from './test-clock.ts'
import { useRedis } from './use-redis.testing.ts'

let redis: Store
const places = createPartitions(1)
const slot = must(places.slots[0], 'a partition')
const JOURNAL = keyIn(slot, 'journal')
const CURSORS = keyIn(slot, 'cursors')
const ORDER = keyIn(slot, 'order')
const [ANN, BEN, CID] = [2, 3, 4]
const START_MS = 1_000_000
let nowMs = START_MS
let fails = false
let done: Todo<string>[] = []
/** What is kept of an account is a number, and it is counted under that. */
let records: DerivedRecords<number, string>

useRedis(async (server) => {
  redis = await server.connect()
  openTestClock()
})
beforeEach(async () => {
  await redis.flushall()
  nowMs = START_MS
  fails = false
  done = []
  records = new DerivedRecords({
    store: redis,
    partitions: places,
    name: 'numbers',
    keys: {
      record: (of, account) => keyIn(of, 'number', account),
      todo: (of) => keyIn(of, 'todo'),
      order: (of) => keyIn(of, 'order'),
      counts: (of) => keyIn(of, 'counts'),
    },
    todoMax: 2,
    recordsMax: 2,
    pack: (value, rev) => Buffer.from([0, 0, 0, rev, value]),
    read: (bytes) => ({ rev: bytes[3] ?? 0, value: bytes[4] ?? 0 }),
    countedAs: (value) => [String(value)],
    async follow(todo) {
      if (fails) throw new Error('not now')
      done.push(todo)
    },
    onError: () => undefined,
    clock: systemClock,
    nowMs: () => nowMs,
  })
})

const readerAt = (from: string, last: string) => ({
  ...{ journal: JOURNAL, cursors: CURSORS, name: 'numbers' },
  ...{ from, last },
})
const element = (id: string) => redis.xadd(JOURNAL, id, 'e', 'x')
const plus =
  (account: number, by: number, consequences: string[] = []) =>
  async () => {
    const before = await records.read(account)
    return [{ account, before, after: (before?.value ?? 0) + by, consequences }]
  }
const numberOf = async (account: number) => (await records.read(account))?.value
const counts = () => redis.hgetall(keyIn(slot, 'counts'))

test('[R15] an element counts once: the cursor moves with the records, and only from where the reader was', async () => {
  await element('1-0')
  expect(await records.note(slot, plus(ANN, 5), readerAt('0-0', '1-0'))).toBe('written')
  expect(await records.note(slot, plus(ANN, 5), readerAt('0-0', '1-0'))).toBe('moved')
  expect(await records.note(slot, plus(ANN, 5), readerAt('1-0', '2-0'))).toBe('gone')
  expect(await numberOf(ANN)).toBe(5)
  expect(await redis.hget(CURSORS, 'numbers')).toBe('1-0')
})

test('[R15] where another has changed a record it is made again, and counted under what it is', async () => {
  await records.note(slot, plus(ANN, 5))
  let rivals = 2
  const tag = await records.note(slot, async () => {
    const made = await plus(ANN, 1)()
    if (rivals-- > 0) await records.change(ANN, (was = 0) => ({ after: was + 10, answer: 0 }))
    return made
  })
  expect(tag).toBe('written')
  expect(await numberOf(ANN)).toBe(26)
  const { '#': ever, ...sizes } = await counts()
  expect(ever).toBe('1')
  expect(Object.entries(sizes).filter(([, size]) => size !== '0')).toEqual([['26', '1']])
})

test('[R15] of more records than there may be none is written; who is forgotten makes room', async () => {
  await records.note(slot, plus(ANN, 1))
  await records.note(slot, plus(BEN, 1))
  expect(await records.note(slot, plus(CID, 1))).toBe('full')
  expect(await redis.zrange(ORDER, 0, '-1')).toEqual(['2', '3'])
  await records.forget(ANN)
  await records.forget(ANN)
  expect(await numberOf(ANN)).toBeUndefined()
  expect(await records.note(slot, plus(CID, 1))).toBe('written')
  expect(await redis.zrange(ORDER, 0, '-1', 'WITHSCORES')).toEqual(['3', '2', '4', '3'])
  const before = await records.read(CID)
  await records.changeOne(slot, {
    ...{ account: CID, before, after: 1, consequences: [], at: PLACE.nowhere },
  })
  expect(await redis.zrange(ORDER, 0, '-1')).toEqual(['3'])
  expect((await counts())['1']).toBe('2')
})

test('[R16] what cannot be done now waits for the next pass, and holds up news where it is too much', async () => {
  fails = true
  await records.note(slot, plus(ANN, 1, ['first', 'second']))
  expect(await records.note(slot, plus(ANN, 1, ['third']))).toBe('full')
  fails = false
  expect(await records.pass(slot)).toBe(0)
  nowMs += 5000
  expect(await records.pass(slot)).toBe(2)
  expect(done.map(({ id, consequence }) => `${id} ${consequence}`).sort()).toEqual([
    ...['1-0 first', '1-1 second'],
  ])
  expect(await records.pass(slot)).toBe(0)
  expect(await records.note(slot, plus(ANN, 1, ['third']))).toBe('written')
  expect(done.at(-1)).toMatchObject({ account: ANN, id: '2-0', consequence: 'third' })
})

test('[R18] who came is remembered: a look reads only who came since, and all again once forgotten', async () => {
  const newcomers = new Newcomers(redis, (of) => keyIn(of, 'order'))
  expect(await newcomers.all(slot)).toEqual(new Set())
  await records.note(slot, plus(ANN, 1))
  expect(await newcomers.all(slot)).toEqual(new Set([ANN]))
  await records.note(slot, plus(BEN, 1))
  await records.forget(ANN)
  // A place that was passed already is not looked at again.
  await records.note(slot, async () => [
    { account: CID, before: undefined, after: 1, consequences: [], at: 1 },
  ])
  expect(await newcomers.all(slot)).toEqual(new Set([ANN, BEN]))
  newcomers.forget(slot)
  expect(await newcomers.all(slot)).toEqual(new Set([CID, BEN]))
})
