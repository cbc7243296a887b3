import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../config.ts'
import { eraseAccount, openPepper, resolveAccount, sessionKeys } from '../../identity/index.ts'
import { must, systemClock } from '../../kernel/index.ts'
import { createPartitions, type Store } from '../../redis/index.ts'
import type { TestRedis } from '../../redis/testing.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { readJournal } from '../../scoring/index.ts'
import { journalKey } from '../../wallet/index.ts'
import { createWalletStand } from '../../wallet/testing.ts'
import { formatId, JournalElement, ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { chainKey, cursorsKey } from '../keys.ts'
import { ANCHOR_CHECK_MS } from '../limits.ts'
import { frame, readSegments, segmentHeader, segmentPaths } from '../segment-file.ts'
import { createStand, likes, type Stand, silent, until } from '../worker.testing.ts'
import { createAnchoring } from './anchoring.ts'
import { anchorKey, readAnchors, witnessesOf, writeAnchor } from './anchors.ts'
import { type ArchiveStand, createArchiveStand, PLACE, someElements } from './archive.testing.ts'
import { follow, origin } from './chain.ts'
import { archiveCommand, livePartition } from './command.ts'
import { raiseHead } from './head.ts'
import { verifyPartition } from './verify.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let server: TestRedis
let redis: Store
let folders: ArchiveStand
let stand: Stand
useRedis(async (started) => {
  server = started
  redis = await started.connect()
})
beforeEach(async () => {
  await redis.flushall()
  folders = createArchiveStand(redis)
  stand = createStand(redis)
})
afterEach(async () => {
  folders.clean()
  await stand.clean()
})

const config = (more: Record<string, string> = {}) =>
  loadConfig({
    REDIS_URL: server.url,
    FANFARE_DEMO: '1',
    FANFARE_PARTITIONS: '2',
    FANFARE_DATA_DIR: stand.dataDir,
    ...more,
  })
const run = (...argv: string[]) => archiveCommand(argv, config())

async function archiveLikes(from: number, to: number): Promise<void> {
  const worker = await stand.worker()
  for (let seq = from; seq <= to; seq++) {
    await likes(stand, [2, 4], { seq })
    await likes(stand, [3], { seq })
  }
  await stand.drained()
  await worker.stop()
}

describe('archive verify', () => {
  test('[AR2 002-42] ends with 0 and a table, or with 1 and partition, file and element', async () => {
    await archiveLikes(1, 4)
    const good = await run('verify')
    expect(good).toMatchObject({
      code: 0,
      text: expect.stringMatching(/Nothing was changed or lost\.$/),
    })
    expect(good.text).toContain('2 partitions, 8 elements, held against the heads in Redis.')

    const path = must(segmentPaths(stand.dataDir, 1)[0], 'a segment')
    const whole = readFileSync(path)
    const bytes = Buffer.from(whole)
    bytes.writeUInt8(bytes.readUInt8(120) ^ 1, 120)
    writeFileSync(path, bytes)
    const first = formatId(must([...readSegments(stand.dataDir, 0)][0], 'an element').id)
    expect(first).not.toBe('0-0')
    const bad = await run('verify')
    expect(bad.code).toBe(1)
    expect(bad.text).toMatch(
      new RegExp(`^partition 1, ${path}, element \\d+-\\d+: was changed`, 'm'),
    )
    expect((await run('verify', '--partition', '0')).code).toBe(0)
    expect((await run('verify', '--partition', '7')).code).toBe(2)
    expect((await run('verify', '--offline')).code).toBe(1)
    expect((await run('burn')).code).toBe(2)
  })

  test('[AR3] what was archived and not yet acknowledged must be in the journal, and nothing else', async () => {
    const { slot } = PLACE
    const live = livePartition(redis, slot)
    const dir = folders.folder()
    for (let i = 0; i < 12; i++) await redis.xadd(journalKey(slot), '*', 'e', `element ${i}`)
    const all = await readAfter(redis, slot, { after: ZERO, limit: 100 })
    await folders.archive(dir, all.slice(0, 6))
    const head = await redis.hgetall(chainKey(slot))
    await folders.archive(dir, all.slice(6, 10))
    await redis.hset(chainKey(slot), head)
    const { problems } = await verifyPartition({
      partition: 0,
      dataDirs: [dir],
      live,
    })
    expect(problems).toEqual([])

    await redis.xdel(journalKey(slot), formatId(must(all[8], 'an element').id))
    const found = await verifyPartition({ partition: 0, dataDirs: [dir], live })
    expect(found.problems.map(({ text }) => text)).toEqual([
      'is behind the head in Redis, and not in the journal',
      'is behind the head in Redis, and not in the journal',
    ])
    await redis.del(chainKey(slot))
    const lost = await verifyPartition({ partition: 0, dataDirs: [dir], live })
    expect(lost.problems.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Redis knows no head/),
    ])
  })

  test('[AR6] where Redis lost the head of what is in another folder, the chain begins behind it', async () => {
    const elements = someElements(1, 30)
    await redis.hset(cursorsKey(PLACE.slot), 'segments', formatId(must(elements[9], 'one').id))
    const dir = folders.folder()
    await folders.archive(dir, elements.slice(10))
    expect(await folders.verify([dir])).toMatchObject({
      problems: [],
      elements: 20,
      notes: [expect.stringMatching(/^the chain begins after/)],
    })
  })

  test('[AR7 002-42] erasing a person leaves the chain as it is', async () => {
    const keys = sessionKeys([{ reveal: () => 'a secret of a test, long enough to be one' }])
    const pepper = await openPepper(redis, keys)
    const registry = { store: redis, pepper, partitions: createPartitions(2) }
    const identity = { brand: 'demo', kind: 'viewer', id: 'alice@example.test' } as const
    const account = await resolveAccount(registry, identity)
    await likes(stand, [account], { seq: 1 })
    await archiveLikes(1, 2)
    const files = () =>
      [0, 1]
        .flatMap((partition) => segmentPaths(stand.dataDir, partition))
        .map((path) => readFileSync(path))
    const before = files()
    expect(before.some((file) => file.includes('alice'))).toBe(false)
    await eraseAccount(registry, account)
    expect(files()).toEqual(before)
    expect((await run('verify')).code).toBe(0)
  })

  test('[AR8] 100,000 elements are verified holding no more than a few segments', async () => {
    const dir = folders.folder()
    const bytes = Buffer.alloc(1000, 7)
    for (let from = 1; from <= 100_000; from += 10_000) {
      const elements = Array.from(
        { length: 10_000 },
        (_, i) => new JournalElement({ ms: from + i, seq: 0 }, bytes),
      )
      await folders.archive(dir, elements, { rollBytes: 2_000_000, batch: 500 })
    }
    const used = () => process.memoryUsage().heapUsed + process.memoryUsage().external
    // What was written above is garbage by now and must not go while we watch.
    collectGarbage()
    const before = used()
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, used() - before)
    }, 1)
    const found = await folders.verify([dir])
    clearInterval(watch)
    expect(found).toMatchObject({ problems: [], elements: 100_000 })
    expect(found.files).toBeGreaterThan(40)
    // The archive has 100 MB. What was read and is garbage by now counts until it is collected.
    expect(peak).toBeGreaterThan(0)
    expect(peak).toBeLessThan(50_000_000)
  })
})

describe('anchors', () => {
  const file = () => join(stand.dataDir, 'anchors.log')
  const key = anchorKey({ reveal: () => 'the secret' })
  const write = (nowMs: number) =>
    writeAnchor({ store: redis, partitions: stand.bench.places, file: file(), key, nowMs })

  test('[AR9 002-44] an anchor is a signed line that follows the one before; the archive must have what it names', async () => {
    expect(await run('anchor')).toMatchObject({ code: 1, text: 'Nothing was archived yet.' })
    await archiveLikes(1, 3)
    expect((await run('anchor')).text).toMatch(/^One line for 2 partitions, signed, in /)
    await archiveLikes(4, 6)
    expect((await run('anchor')).code).toBe(0)
    const good = await run('verify')
    expect(good.text).toContain('held against the heads in Redis and 2 anchors, 0 unsigned')
    expect(good.code).toBe(0)

    // Somebody with the folder and the Redis rewrites both: what was published still knows.
    await redis.flushall()
    for (const partition of [0, 1])
      for (const path of segmentPaths(stand.dataDir, partition)) writeFileSync(path, '')
    await archiveLikes(1, 3)
    const bad = await run('verify', '--partition', '0', '--offline')
    expect(bad.code).toBe(1)
    expect(bad.text).toMatch(
      /the anchor of \d{4}-.*Z remembers this element, and it is not in the archive/,
    )
  })

  test('[AR9 002-44] an anchored redemption cannot be rewritten, not even with folder and Redis in hand', async () => {
    const { slot } = PLACE
    const dir = folders.folder()
    const { wallets, give } = createWalletStand(redis)
    await give(1, 500)
    const redemption = { account: 1, id: 'mug-1', points: 300, forMs: 60_000, at: 1 } as const
    await wallets.hold({ ...redemption, use: 'redemption', subject: 'mug' })
    await wallets.capture(redemption)
    const elements = await readAfter(redis, slot, { after: ZERO, limit: 10 })
    await folders.archive(dir, elements)
    const one = createPartitions(1)
    await writeAnchor({ store: redis, partitions: one, file: file(), key, nowMs: 0 })

    const [path] = segmentPaths(dir, 0)
    let link = origin(0)
    const frames = elements.map((element) => {
      const [entry] = readJournal(element.bytes).ledger
      if (entry?.cause === 'captured') {
        expect(entry).toMatchObject({ use: 'redemption', subject: 'mug', ref: 'mug-1' })
        element.bytes.writeUInt8(99, element.bytes.length - 1)
      }
      link = follow(link, element)
      return frame(element, link.hash)
    })
    writeFileSync(must(path, 'a segment'), Buffer.concat([segmentHeader(0, origin(0)), ...frames]))
    await redis.del(chainKey(slot))
    await raiseHead(redis, slot, link)
    expect((await folders.verify([dir])).problems).toEqual([])
    const anchored = witnessesOf(readAnchors(file(), [key]).anchors, 0)
    expect((await folders.verify([dir], anchored)).problems).toEqual([
      {
        path: undefined,
        id: formatId(link.id),
        text: expect.stringMatching(
          /^the anchor of 1970-01-01.* with another hash: it was rewritten$/,
        ),
      },
    ])
  })

  test('[AR9] a line that is changed, taken out, signed by another or by nobody is named', async () => {
    await archiveLikes(1, 1)
    for (let day = 1; day <= 4; day++) await write(day * 86_400_000)
    const lines = readFileSync(file(), 'utf8').split('\n').slice(0, -1)
    const read = (...changed: (string | undefined)[]) => {
      writeFileSync(file(), changed.map((line) => `${line}\n`).join(''))
      return readAnchors(file(), [key]).problems.map((problem) => problem.slice(file().length))
    }
    expect(read(...lines)).toEqual([])
    const [one, two, three, four] = lines
    expect(read(one, three, four)).toEqual([', line 2: does not follow the line before'])
    expect(read(one, two, three?.replace('1970-01-04', '1970-01-05'), four)).toEqual([
      ', line 3: has a signature that is not of this line',
      ', line 4: does not follow the line before',
    ])
    expect(read(one, 'nonsense')).toEqual([', line 2: is no anchor'])
    writeFileSync(file(), '')
    const stranger = anchorKey({ reveal: () => 'another secret' })
    await writeAnchor({
      ...{ store: redis, partitions: stand.bench.places, file: file(), nowMs: 0 },
      key: stranger,
    })
    expect(readAnchors(file(), [key]).problems).toHaveLength(1)
    expect(readAnchors(file(), [key, stranger]).problems).toEqual([])
    await writeAnchor({
      ...{ store: redis, partitions: stand.bench.places, file: file(), nowMs: 0 },
      key: undefined,
    })
    expect(readAnchors(file(), [stranger])).toMatchObject({ problems: [], unsigned: 1 })
    // What a crash left of a line is cut before the next.
    appendFileSync(file(), '{"at":"20')
    await write(0)
    expect(readAnchors(file(), [key, stranger])).toMatchObject({ problems: [], unsigned: 1 })
    expect(readAnchors(file(), [key, stranger]).anchors).toHaveLength(3)
  })

  test('[AR9] the worker writes one a day, also when it was started again', async () => {
    await archiveLikes(1, 1)
    let nowMs = 1_800_000_000_000
    const make = () =>
      createAnchoring(
        { file: file(), key },
        { store: redis, partitions: stand.bench.places, log: silent, nowMs: () => nowMs },
      )
    const count = () => readAnchors(file(), [key]).anchors.length
    const first = make()
    await first()
    await first()
    expect(count()).toBe(1)
    nowMs += 23 * 3_600_000
    await make()()
    expect(count()).toBe(1)
    nowMs += 3_600_000
    await make()()
    expect(count()).toBe(2)
  })

  test('[AR9] a running worker writes the first one by itself', async () => {
    await archiveLikes(1, 1)
    stand.deps.anchors = { file: file(), key }
    let check: (() => void) | undefined
    stand.deps.clock = {
      ...systemClock,
      every: (ms, run) => {
        if (ms === ANCHOR_CHECK_MS) check = run
        return systemClock.every(ms, run)
      },
    }
    const worker = await stand.worker()
    await until('it has both', () => worker.health().partitions === 2)
    must(check, 'the check')()
    await until('an anchor', () => readAnchors(file(), [key]).anchors.length === 1)
  })
})
