import {
  appendFileSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import { loadConfig } from '../config.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import type { TestRedis } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { HistoryLines, readHistory, writeHistory } from '../scoring/index.ts'
import { accountKey, journalKey, totalsKey } from '../wallet/index.ts'
import { auditCommand } from './audit.ts'
import { formatId } from './element.ts'
import { inspectCommand } from './inspect.ts'
import { readAfter } from './journal.ts'
import { cursorsKey, olderKey } from './keys.ts'
import { plainReading, readAll } from './reading.ts'
import { readSegments, segmentPaths } from './segment-file.ts'
import { segmentsConsumer } from './segments.ts'
import { createStand, likes, type Stand, silent, until } from './worker.testing.ts'

let server: TestRedis
let redis: Store
let stand: Stand
useRedis(async (started) => {
  server = started
  redis = await started.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis)
})
afterEach(() => stand.clean())

/** Rights of who is neither the worker's user nor of its group. */
const OTHERS = 0o007
const slotOf = (account: number) => stand.bench.places.slotOf(account)
const archived = (partition: number) =>
  [...readSegments(stand.dataDir, partition)].map((element) => formatId(element.id))
const inStream = async (account: number) =>
  (await redis.xrange(journalKey(slotOf(account)), '-', '+')).map(([id]) => id)

describe('segments', () => {
  test('[J1] what was journalled is on disk once, in order, and only then gone from Redis', async () => {
    for (let seq = 1; seq <= 5; seq++) {
      await likes(stand, [2, 4], { seq })
      await likes(stand, [3], { seq })
    }
    const even = await inStream(2)
    const odd = await inStream(3)
    await stand.worker()
    await stand.drained()
    expect(archived(0)).toEqual(even)
    expect(archived(1)).toEqual(odd)
    expect(statSync(join(stand.dataDir, 'journal')).mode & OTHERS).toBe(0)
    expect((await stand.audit()).flatMap((audit) => audit.problems)).toEqual([])
  })

  test('[J2] nothing that a crash of Redis could take back is archived', async () => {
    stand.fake.state.durableAtMs = 0
    await likes(stand, [2], { seq: 1 })
    const [id] = await inStream(2)
    await stand.worker()
    await until('the history is written', async () =>
      Boolean(await redis.hget(cursorsKey(slotOf(2)), 'history')),
    )
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(archived(0)).toEqual([])
    expect(await inStream(2)).toEqual([id])

    stand.fake.state.durableAtMs = Number.MAX_SAFE_INTEGER
    await stand.drained()
    expect(archived(0)).toEqual([id])
  })

  test('[J30] a folder that is removed under a worker takes no element: each is on disk before it leaves Redis', async () => {
    await likes(stand, [2], { seq: 1 })
    const worker = await stand.worker()
    await stand.drained()
    rmSync(join(stand.dataDir, 'journal'), { recursive: true })
    await likes(stand, [2], { seq: 2 })
    const ids = await inStream(2)
    await stand.drained()
    expect(archived(0)).toEqual(ids)
    expect(worker.health().notes).toEqual([])
  })

  test('[J30] a folder that cannot be used is named, and used as soon as it can be', async () => {
    writeFileSync(join(stand.dataDir, 'journal'), 'no folder')
    await likes(stand, [2], { seq: 1 })
    const worker = await stand.worker()
    await until('it is named', () =>
      worker
        .health()
        .notes.some((note) => /segments of partition 0 cannot begin: .*journal/.test(note)),
    )
    expect(worker.health().ok).toBe(true)
    rmSync(join(stand.dataDir, 'journal'))
    await stand.drained()
    expect(archived(0)).toHaveLength(1)
    expect(worker.health().notes).toEqual([])
  })

  test('[J30] a partition that cannot begin is tried less and less often, and leaves no file open', async () => {
    await likes(stand, [2], { seq: 1 })
    const before = await stand.worker()
    await stand.drained()
    await before.stop()
    // An empty Redis in the place of the one that the archive knows.
    await redis.flushall()
    const triedAt: number[] = []
    stand.deps.store = new Proxy(redis, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          if (name === 'hset' && args[0] === olderKey) triedAt.push(performance.now())
          return value.apply(target, args)
        }
      },
    })
    await stand.worker()
    await until('it was tried four times', () => triedAt.length >= 4)
    const waits = triedAt.slice(1, 4).map((at, i) => at - must(triedAt[i], 'the time before'))
    for (const [i, waited] of waits.entries())
      expect(waited, `wait ${i}`).toBeGreaterThanOrEqual(250 * 2 ** i)
    const open = () =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/self/fd/${fd}`)]
        } catch {
          return []
        }
      })
    // The try that is under way closes its own a moment later.
    await until('none stays open', () => !open().some((path) => path.startsWith(stand.dataDir)))
  })

  test('[J3] a torn tail is cut, and what comes again is not written twice', async () => {
    for (let seq = 1; seq <= 3; seq++) await likes(stand, [2], { seq })
    const ids = await inStream(2)
    const first = await stand.worker()
    await until('all is archived', () => archived(0).length === 3)
    await first.stop()
    // The worker died before it acknowledged anything, and half a frame was on its way to disk.
    const path = must(segmentPaths(stand.dataDir, 0)[0], 'a segment')
    const whole = statSync(path).size
    appendFileSync(path, readFileSync(path).subarray(8, 8 + 20))
    await redis.hdel(cursorsKey(slotOf(2)), 'segments')
    await likes(stand, [2], { seq: 4 })
    const [last] = (await inStream(2)).slice(-1)

    await stand.worker()
    await until('the last one is archived', () => archived(0).length === 4)
    expect(archived(0)).toEqual([...ids, last])
    expect(statSync(path).size).toBeGreaterThan(whole)
  })

  test('[J3] every length of a torn file is read up to its last whole element', async () => {
    for (let seq = 1; seq <= 4; seq++) await likes(stand, [2], { seq })
    await stand.worker()
    await stand.drained()
    const ids = archived(0)
    const path = must(segmentPaths(stand.dataDir, 0)[0], 'a segment')
    let before = ids.length
    for (let size = statSync(path).size; size >= 0; size -= 13) {
      truncateSync(path, size)
      const left = archived(0)
      expect(left).toEqual(ids.slice(0, left.length))
      expect(left.length).toBeLessThanOrEqual(before)
      before = left.length
    }
    expect(before).toBe(0)
  })

  test('[J4] a segment that is full is followed by another', async () => {
    const place = { index: 0, slot: slotOf(2) }
    const consumer = segmentsConsumer({
      store: redis,
      dataDir: stand.dataDir,
      log: silent,
      rollBytes: 300,
    })
    for (let seq = 1; seq <= 6; seq++) {
      await likes(stand, [2], { seq })
      const all = await readAfter(redis, place.slot, { after: { ms: 0, seq: 0 }, limit: 100 })
      expect(await consumer.handle(place, all)).toBe(seq)
    }
    await consumer.close(place)
    expect(readdirSync(join(stand.dataDir, 'journal', '0')).length).toBeGreaterThan(1)
    expect(archived(0)).toEqual(await inStream(2))
  })
})

describe('workers', () => {
  test('[J5] two workers share the partitions; what one leaves the other takes over', async () => {
    const first = await stand.worker()
    await until('it has both', () => first.health().partitions === 2)
    const second = await stand.worker()
    await until('each has one', () => {
      const held = [first, second].map((worker) => worker.health().partitions)
      return held[0] === 1 && held[1] === 1
    })
    await likes(stand, [2], { seq: 1 })
    await likes(stand, [3], { seq: 1 })
    await stand.drained()
    await first.stop()
    await until('the other has both', () => second.health().partitions === 2)
    await likes(stand, [2], { seq: 2 })
    await stand.drained()
    expect((await stand.audit()).flatMap((audit) => audit.problems)).toEqual([])
  })

  test('[J6] a journal that fills up is an alarm at half of its maximum', async () => {
    stand.fake.state.durableAtMs = 0
    const worker = await stand.worker()
    expect(worker.health()).toMatchObject({ ok: true })
    stand.deps.journalMax = 20_000
    const pipeline = redis.pipeline()
    for (let i = 0; i < 10_000; i++) pipeline.xadd(journalKey(slotOf(2)), '*', 'e', 'x')
    await pipeline.exec()
    await until('the alarm', () => !worker.health().ok)
    expect(worker.health().problems).toEqual(['a journal is 50 % full'])
  })

  test('[J7] an element of an unknown layout is archived and does not stop the others', async () => {
    await likes(stand, [2], { seq: 1 })
    await redis.xadd(journalKey(slotOf(2)), '*', 'e', Buffer.from([99, 1, 2, 3]))
    await likes(stand, [2], { seq: 2 })
    await stand.worker()
    await stand.drained()
    expect(archived(0)).toHaveLength(3)
    const { lines } = await readHistory(redis, { slot: slotOf(2), account: 2, limit: 10 })
    expect(lines).toHaveLength(2)
  })
})

describe('history', () => {
  const read = (before?: string, limit = 500) =>
    readHistory(redis, {
      slot: slotOf(2),
      account: 2,
      limit,
      ...(before !== undefined && { before }),
    })

  test('[J8 002-50 002-42] an account has its last 200 receipts, newest first, page by page', async () => {
    // One like a minute of 2 units each, so that no cap of the minute is touched.
    for (let seq = 1; seq <= 230; seq++)
      await likes(stand, [2], { seq, units: 5, atMs: START_MS + seq * 60_000 })
    await stand.worker()
    await stand.drained()
    const { lines, next } = await read()
    expect(next).toBeUndefined()
    expect(lines.length).toBeLessThanOrEqual(200)
    expect(lines.length).toBeGreaterThan(10)
    expect(lines[0]?.atMs).toBe(START_MS + 230 * 60_000)
    expect(lines.map((line) => line.atMs)).toEqual(
      lines.map((line) => line.atMs).toSorted((a, b) => b - a),
    )
    const first = await read(undefined, 4)
    const second = await read(first.next, 4)
    expect([...first.lines, ...second.lines]).toEqual(lines.slice(0, 8))
  })

  test('[J9] refusals that follow each other are one line, the newest', async () => {
    for (let seq = 1; seq <= 12; seq++)
      await likes(stand, [2], { seq, units: 50, atMs: START_MS + seq })
    await stand.worker()
    await stand.drained()
    const { lines } = await read()
    const reasons = lines.map((line) =>
      line.kind === 'receipt' ? line.receipt.reason : line.entry.cause,
    )
    expect(reasons.filter((reason) => reason === 'minute_cap').length).toBeLessThanOrEqual(2)
    expect(lines[0]?.atMs).toBe(START_MS + 12)
  })

  test('[J10] elements that come again add no lines', async () => {
    for (let seq = 1; seq <= 3; seq++)
      await likes(stand, [2], { seq, atMs: START_MS + seq * 60_000 })
    const worker = await stand.worker()
    await until('the history is written', async () => (await read()).lines.length === 3)
    await worker.stop()
    const before = (await read()).lines
    const all = await readAfter(redis, slotOf(2), { after: { ms: 0, seq: 0 }, limit: 100 })
    const lines = new HistoryLines()
    for (const element of all) {
      lines.begin(element.id, element.about().atMs)
      readAll(plainReading, element, lines)
    }
    const newest = all.at(-1)?.id
    if (newest) {
      const of = { slot: slotOf(2), cursors: cursorsKey(slotOf(2)), newest }
      await writeHistory(redis, of, lines)
    }
    expect((await read()).lines).toEqual(before)
  })
})

describe('audit', () => {
  test('[J11] counters, accounts and journal agree, and a point that is changed anywhere is found', async () => {
    for (let seq = 1; seq <= 4; seq++) await likes(stand, [2, 4], { seq, units: 30 })
    await stand.worker()
    await stand.drained()
    await likes(stand, [2], { seq: 5, units: 30 })
    const problems = async () => (await stand.audit())[0]?.problems ?? []
    expect(await problems()).toEqual([])

    await redis.hincrby(totalsKey(slotOf(2)), 'spendable', 1)
    expect(await problems()).toContainEqual(expect.stringMatching(/^spendable: counters say/))
    await redis.hincrby(totalsKey(slotOf(2)), 'spendable', -1)

    const record = must(await redis.getBuffer(accountKey(slotOf(2), 4)), 'a record')
    await redis.set(accountKey(slotOf(2), 4), record.subarray(0, 10))
    expect((await problems())[0]).toMatch(/^account 0+4 cannot be read/)
    await redis.set(accountKey(slotOf(2), 4), record)

    const path = must(segmentPaths(stand.dataDir, 0)[0], 'a segment')
    truncateSync(path, 200)
    expect(await problems()).toContainEqual(
      expect.stringMatching(/^account 0+2 changed 5 times, its journal has \d up to number/),
    )
    truncateSync(path, 100)
    expect(await problems()).toContainEqual(expect.stringMatching(/differs from its journal/))
  })
})

describe('commands', () => {
  const config = () =>
    loadConfig({
      REDIS_URL: server.url,
      FANFARE_DEMO: '1',
      FANFARE_PARTITIONS: '2',
      FANFARE_DATA_DIR: stand.dataDir,
    })

  test('[J11] `audit` prints a table and ends with 0, or names what differs and ends with 1', async () => {
    await likes(stand, [2, 4], { seq: 1 })
    await stand.worker()
    await stand.drained()
    const good = await auditCommand([], config())
    expect(good).toMatchObject({ code: 0, text: expect.stringMatching(/All three agree\.$/) })
    expect(good.text).toMatch(/^spendable +10 +10 +10$/m)
    await redis.hincrby(totalsKey(slotOf(2)), 'issued', 5)
    const bad = await auditCommand(['--partition', '0'], config())
    expect(bad).toMatchObject({ code: 1, text: expect.stringContaining('issued: counters say 15') })
    expect((await auditCommand(['--partition', '9'], config())).code).toBe(2)
  })

  test('[J8 002-50] `inspect account` prints one for support', async () => {
    await likes(stand, [2], { seq: 1 })
    await stand.worker()
    await stand.drained()
    const { text, code } = await inspectCommand(['account', formatAccount(2)], config())
    expect(code).toBe(0)
    expect(text).toMatch(/^account 0{9}2 \(2\), 1 changes$/m)
    expect(text).toMatch(/^is there: spendable 5$/m)
    expect(text).toMatch(/like earned: 5 of 5 counted, 5 spendable/)
    expect((await inspectCommand(['account', 'nobody'], config())).code).toBe(2)
    expect((await inspectCommand(['account', formatAccount(9)], config())).text).toMatch(
      /no record/,
    )
  })
})
