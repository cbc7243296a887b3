import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../../shared/ids.ts'
import {
  type Balances,
  changeOf,
  type HistoryEntry,
  type Statement,
} from '../../../shared/ledger.ts'
import type { Bucket } from '../../../shared/receipt.ts'
import { loadConfig } from '../../config.ts'
import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { HISTORY_LINES, Past } from '../../scoring/index.ts'
import { journalKey, sumsOfAccount } from '../../wallet/index.ts'
import { createWalletStand, held, WALLET_START_MS } from '../../wallet/testing.ts'
import { ZERO } from '../element.ts'
import { historyConsumer } from '../history.ts'
import { readAfter } from '../journal.ts'
import { plainReading } from '../reading.ts'
import { segmentPaths } from '../segment-file.ts'
import { segmentsConsumer } from '../segments.ts'
import { createStand, likes, silent } from '../worker.testing.ts'
import { type ArchiveStand, createArchiveStand, PLACE } from './archive.testing.ts'
import { openArchived } from './archived.ts'
import { archiveCommand } from './command.ts'
import { indexPath } from './segment-index.ts'

let redis: Store
let folders: ArchiveStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  folders = createArchiveStand(redis)
})
const open: { close(place: typeof PLACE): Promise<void> }[] = []
afterEach(async () => {
  for (const segments of open.splice(0)) await segments.close(PLACE)
  folders.clean()
})

const BUCKETS = ['spendable', 'session', 'pending', 'held', 'frozen'] as const
const ANN = 7
const OTHER = 8

/** A wallet whose journal is archived into small segments, its histories beside, and what reads both. */
function createPastStand(dataDir: string, readFrom = dataDir) {
  const stand = createWalletStand(redis)
  const options = { store: redis, partitions: stand.places, log: silent }
  const histories = historyConsumer({ ...options, reading: plainReading })
  const segments = segmentsConsumer({ ...options, dataDir, rollBytes: 2000 })
  open.push(segments)
  const past = new Past({
    ...options,
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: stand.book }),
    clock: { ...systemClock, now: () => stand.clock.nowMs },
    archived: openArchived({ ...options, dataDir: readFrom }),
  })
  let at = ZERO
  return {
    stand,
    past,
    /** What a worker does: writes histories and segments, and forgets a part of the journal or all. */
    async work({
      archived = true,
      trim = 'all',
    }: {
      archived?: boolean
      trim?: 'all' | 'none'
    } = {}) {
      const elements = await readAfter(redis, PLACE.slot, { after: at, limit: 100_000 })
      if (elements.length === 0) return
      for (let i = 0; i < elements.length; i += 50) {
        await histories.handle(PLACE, elements.slice(i, i + 50))
        if (archived) await segments.handle(PLACE, elements.slice(i, i + 50))
      }
      at = must(elements.at(-1), 'an element').id
      if (trim === 'all') await redis.call('XTRIM', journalKey(PLACE.slot), 'MAXLEN', '0')
    },
    async balances(): Promise<Balances> {
      const {
        spendable,
        session,
        pending,
        held: inHold,
        frozen,
      } = sumsOfAccount(await stand.wallets.readRecord(ANN))
      return { spendable, session, pending, held: inHold, frozen }
    },
  }
}
type PastStand = ReturnType<typeof createPastStand>

const changeIn = (entry: HistoryEntry, bucket: Bucket): number =>
  entry.kind === 'moved' ? changeOf(entry, bucket) : entry.bucket === bucket ? entry.points : 0

/** All pages of a statement as one. */
async function wholeStatement(past: Past, fromMs: number, toMs?: number): Promise<Statement> {
  const ask = (before?: string) =>
    past.statement({
      ...{ account: ANN, fromMs },
      ...(toMs !== undefined && { toMs }),
      ...(before !== undefined && { before }),
    })
  const first = held(await ask())
  const entries = [...first.entries]
  for (let { next } = first; next !== undefined; ) {
    const page = held(
      await past.statement({ account: ANN, fromMs, toMs: first.toMs, before: next }),
    )
    expect(page.opening).toEqual(first.opening)
    expect(page.closing).toEqual(first.closing)
    entries.push(...page.entries)
    next = page.next
  }
  return { ...first, entries }
}

function expectSum({ opening, closing, entries }: Statement): void {
  for (const bucket of BUCKETS)
    expect(entries.reduce((sum, entry) => sum + changeIn(entry, bucket), opening[bucket])).toBe(
      closing[bucket],
    )
}

/** One thing that happens to a wallet, by number. */
async function happen({ stand }: PastStand, kind: number, no: number): Promise<void> {
  const { wallets } = stand
  const account = kind === 0 ? OTHER : ANN
  switch (kind % 6) {
    case 0:
    case 1:
      await stand.give(account, 10 + no, { id: `give-${no}` })
      return
    case 2:
      await wallets.hold({
        ...{ account, id: `hold-${no}`, points: 7, forMs: 60_000 },
        ...{ use: 'checkout', at: 1, issuers: [] },
      })
      return
    case 3: {
      const [open] = await wallets.openHolds(account)
      if (open) await wallets.capture({ account, id: open.id, points: 3, late: true })
      return
    }
    case 4:
      await wallets.take({
        account,
        id: `take-${no}`,
        points: 5,
        partial: true,
        by: 'op',
        note: 'x',
      })
      return
    default: {
      const { frozen } = await wallets.readRecord(account)
      await wallets.freeze({ account, id: `f-${no}`, freeze: !frozen, by: 'op', note: 'x' })
    }
  }
}

describe('statements', () => {
  test('[AR13 W23] opening balance and lines are the closing balance, of any period, as the wallet was then', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 240, maxLength: 420 }),
        fc.array(fc.tuple(fc.nat(420), fc.nat(420)), { minLength: 4, maxLength: 4 }),
        fc.nat(400),
        async (kinds, periods, unarchived) => {
          await redis.flushall()
          const stand = createPastStand(folders.folder())
          const then: Balances[] = [await stand.balances()]
          for (const [i, kind] of kinds.entries()) {
            stand.stand.clock.nowMs = WALLET_START_MS + i * 1000
            await happen(stand, kind, i)
            then.push(await stand.balances())
            // The rest of the journal waits for a worker, as after a crash.
            if (i % 60 === 59 && i < unarchived)
              await stand.work({ trim: i % 120 === 59 ? 'all' : 'none' })
          }
          const instant = (i: number) => WALLET_START_MS + Math.min(i, kinds.length) * 1000
          for (const [a, b] of periods) {
            const [from, to] = [Math.min(a, b), Math.max(a, b)]
            const statement = await wholeStatement(stand.past, instant(from), instant(to))
            expectSum(statement)
            expect(statement.opening).toEqual(then[Math.min(from, kinds.length)])
            expect(statement.closing).toEqual(then[Math.min(to, kinds.length)])
            const none = held(
              await stand.past.statement({ account: ANN, fromMs: instant(to), toMs: instant(to) }),
            )
            expect(none).toMatchObject({
              entries: [],
              opening: none.closing,
              closing: statement.closing,
            })
          }
          const all = await wholeStatement(stand.past, 0)
          expect(all.opening).toEqual({ spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 })
          expect(all.closing).toEqual(await stand.balances())
        },
      ),
      { numRuns: 12 },
    )
  }, 240_000)

  /** Of 300 gifts each a line; every 3rd of another account between them. */
  async function manyLines(stand: PastStand, lines: number): Promise<void> {
    for (let i = 0; i < lines; i++) {
      stand.stand.clock.nowMs = WALLET_START_MS + i * 1000
      await stand.stand.give(ANN, i + 1, { id: `g-${i}` })
      if (i % 3 === 0) await stand.stand.give(OTHER, 1, { id: `o-${i}` })
      if (i % 50 === 49) await stand.work()
    }
    await stand.work()
  }

  async function pages(past: Past): Promise<string[]> {
    const refs: string[] = []
    for (let before: string | undefined; ; ) {
      const page = held(
        await past.history({ account: ANN, ...(before !== undefined && { before }) }),
      )
      expect(page.elsewhere).toBeUndefined()
      refs.push(...page.entries.map((entry) => (entry.kind === 'moved' ? entry.ref : '')))
      before = page.next
      if (before === undefined) return refs
    }
  }
  const allOf = (lines: number) => Array.from({ length: lines }, (_, i) => `g-${lines - 1 - i}`)

  test('[AR13 002-50] a history pages back to the first line, through an index that is missing, damaged or of another file', async () => {
    const dir = folders.folder()
    const stand = createPastStand(dir)
    await manyLines(stand, 330)
    expect(segmentPaths(dir, 0).length).toBeGreaterThan(5)
    expect(await pages(stand.past)).toEqual(allOf(330))
    const [first, second, third] = segmentPaths(dir, 0).map(indexPath)
    rmSync(must(first, 'an index'))
    truncateSync(must(second, 'an index'), 100)
    writeFileSync(must(third, 'an index'), 'FFIDX1 of something else')
    expect(await pages(createPastStand(dir).past)).toEqual(allOf(330))
    for (const path of [first, second, third])
      expect(readFileSync(must(path, 'an index')).length).toBeGreaterThan(200)
    const names = segmentPaths(dir, 0).slice(0, 3)
    // A reader that knew the index and finds it gone makes it anew.
    for (const name of names) rmSync(indexPath(name))
    expect(await pages(stand.past)).toEqual(allOf(330))
  }, 60_000)

  test('[AR14] where the archive is elsewhere it says so, and what Redis has is answered', async () => {
    const [dir, other] = [folders.folder(), folders.folder()]
    const stand = createPastStand(dir, other)
    await manyLines(stand, 330)
    let before: string | undefined
    let count = 0
    for (;;) {
      const page = held(await stand.past.history({ account: ANN, ...(before && { before }) }))
      count += page.entries.length
      before = page.next
      if (before !== undefined) continue
      expect(page.elsewhere).toBe(true)
      break
    }
    expect(count).toBe(HISTORY_LINES)
    const recent = await wholeStatement(stand.past, WALLET_START_MS + 200_000)
    expectSum(recent)
    expect(recent.entries).toHaveLength(130)
    expect(await stand.past.statement({ account: ANN, fromMs: WALLET_START_MS })).toMatchObject({
      ok: false,
      code: 'archive_elsewhere',
    })
    // A folder that lacks a segment in between is not taken for a whole one.
    const gap = createPastStand(dir)
    rmSync(must(segmentPaths(dir, 0)[1], 'a segment'))
    expect(await gap.past.statement({ account: ANN, fromMs: WALLET_START_MS })).toMatchObject({
      code: 'archive_elsewhere',
    })
    expect((await gap.past.statement({ account: ANN, fromMs: WALLET_START_MS + 200_000 })).ok).toBe(
      true,
    )
  }, 60_000)

  test('[AR13 J9] refusals that follow each other are one line in the archive as well', async () => {
    const dir = folders.folder()
    const stand = createStand(redis, { partitions: 1 })
    const options = { store: redis, partitions: stand.bench.places, log: silent }
    const histories = historyConsumer({ ...options, reading: plainReading })
    const segments = segmentsConsumer({ ...options, dataDir: dir, rollBytes: 4000 })
    open.push(segments)
    const past = new Past({
      ...options,
      ...stand.deps,
      archived: openArchived({ ...options, dataDir: dir }),
    })
    for (let seq = 1; seq <= 600; seq++)
      await likes(stand, [ANN, OTHER], { seq, units: 20, atMs: Date.UTC(2026, 4, 1) + seq * 2500 })
    let at = ZERO
    for (;;) {
      const some = await readAfter(redis, PLACE.slot, { after: at, limit: 50 })
      const last = some.at(-1)
      if (!last) break
      await histories.handle(PLACE, some)
      await segments.handle(PLACE, some)
      at = last.id
    }
    await redis.call('XTRIM', journalKey(PLACE.slot), 'MAXLEN', '0')
    const seen: HistoryEntry[] = []
    for (let before: string | undefined; ; ) {
      const page = held(await past.history({ account: ANN, ...(before && { before }) }))
      seen.push(...page.entries)
      before = page.next
      if (before === undefined) break
    }
    const nameOf = (entry: HistoryEntry | undefined) =>
      entry?.kind === 'receipt' && entry.points === 0 && entry.growth === 0 ? entry.reason : ''
    for (const [i, entry] of seen.entries())
      expect(nameOf(entry) !== '' && nameOf(entry) === nameOf(seen[i + 1])).toBe(false)
    const paid = seen.reduce(
      (sum, entry) => sum + changeIn(entry, 'session') + changeIn(entry, 'spendable'),
      0,
    )
    const { spendable, session } = sumsOfAccount(await stand.deps.wallets.readRecord(ANN))
    expect(paid).toBe(spendable + session)
    await stand.clean()
  }, 60_000)
})

describe('archive statement', () => {
  test('[AR15 W23] prints opening balance, lines and closing balance from the folder alone', async () => {
    const dir = folders.folder()
    const stand = createPastStand(dir)
    for (let i = 0; i < 260; i++) {
      stand.stand.clock.nowMs = WALLET_START_MS + i * 1000
      await happen(stand, i % 6, i)
      if (i % 40 === 39) await stand.work()
    }
    await stand.work()
    const config = loadConfig({
      REDIS_URL: 'redis://127.0.0.1:1',
      FANFARE_DEMO: '1',
      FANFARE_PARTITIONS: '1',
      FANFARE_DATA_DIR: dir,
    })
    const run = (...argv: string[]) =>
      archiveCommand(['statement', '--account', formatAccount(ANN), ...argv], config)
    const from = new Date(WALLET_START_MS + 50_000).toISOString()
    const to = new Date(WALLET_START_MS + 150_000).toISOString()
    const csv = await run('--from', from, '--to', to)
    expect(csv.code).toBe(0)
    const rows = csv.text.split('\n').map((row) => row.split(','))
    const sums = BUCKETS.map((_, no) =>
      rows.slice(1, -1).reduce((sum, row) => sum + Number(row[8 + no]), 0),
    )
    expect(sums).toEqual(rows.at(-1)?.slice(8, 13).map(Number))
    const online = await wholeStatement(
      stand.past,
      WALLET_START_MS + 50_000,
      WALLET_START_MS + 150_000,
    )
    const json = await run('--from', from, '--to', to, '--json')
    expect(JSON.parse(json.text)).toMatchObject({
      opening: online.opening,
      closing: online.closing,
      lines: { length: online.entries.length },
    })
    expect((await run('--from', 'yesterday')).code).toBe(2)
    expect((await archiveCommand(['statement', '--account', 'x'], config)).code).toBe(2)
    rmSync(must(segmentPaths(dir, 0)[1], 'a segment'))
    expect(await run()).toMatchObject({ code: 1, text: expect.stringContaining('has not all') })
  }, 60_000)
})
