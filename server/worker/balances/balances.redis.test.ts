import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refuse } from '../../../shared/errors.ts'
import { formatAccount } from '../../../shared/ids.ts'
import {
  eraseAccount,
  findAccount,
  openPepper,
  type Registry,
  sessionKeys,
} from '../../identity/index.ts'
import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { brandNumber, createRoom, getRoom } from '../../rooms/index.ts'
import { accountKey, journalKey, readAccountRecord, readNotes } from '../../wallet/index.ts'
import { createWalletStand } from '../../wallet/testing.ts'
import { readCsv } from './csv.ts'
import { exportCommand } from './export-command.ts'
import { type ImportDeps, owing } from './import.ts'
import { type ImportReport, importCommand } from './import-command.ts'

let redis: Store
let dir: string
let stand: ReturnType<typeof createWalletStand>
let registry: Registry
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  dir = mkdtempSync(join(tmpdir(), 'fanfare-balances-'))
  stand = createWalletStand(redis, { partitions: 4 })
  const keys = sessionKeys([{ reveal: () => 'a secret of a test, long enough to be one' }])
  registry = { store: redis, pepper: await openPepper(redis, keys), partitions: stand.places }
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const fileOf = (text: string, name = 'balances.csv'): string => {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}
const reportPath = () => join(dir, 'report.json')

async function run(argv: readonly string[], change: Partial<ImportDeps> = {}) {
  const answer = await importCommand([...argv, '--brand', 'demo', '--report', reportPath()], {
    brands: ['demo', 'acme'],
    nowMs: stand.clock.nowMs,
    progress: () => undefined,
    open: async (brand, room) => {
      const owed = await owing(redis, { brand, room, pool: 'room' })
      return (
        owed && {
          wallets: stand.wallets,
          registry,
          clock: systemClock,
          ...owed,
          close: async () => undefined,
          ...change,
        }
      )
    },
  })
  const report = (): ImportReport => JSON.parse(readFileSync(reportPath(), 'utf8'))
  return { ...answer, report }
}

const accountOf = async (viewer: string, brand = 'demo') =>
  must(
    await findAccount(registry, { brand, kind: 'viewer', id: viewer }),
    `the account of ${viewer}`,
  )
async function lotsOf(viewer: string) {
  const account = await accountOf(viewer)
  const bytes = await redis.getBuffer(accountKey(stand.places.slotOf(account), account))
  return readAccountRecord(must(bytes, 'a record')).wallet.lots
}
const many = (count: number) =>
  ['viewer,points', ...Array.from({ length: count }, (_, i) => `viewer-${i},${i + 1}`)].join('\n')

describe('import', () => {
  test('[IM5] a dry run says what would be, and touches nothing', async () => {
    const keys = await redis.keys('*')
    const dry = await run(['--file', fileOf(many(300)), '--dry-run'])
    expect(dry).toMatchObject({ code: 0, text: expect.stringContaining('this was a dry run') })
    expect(dry.report()).toMatchObject({ dryRun: true, rows: 300, lines: 300, points: 45_150 })
    expect(await redis.keys('*')).toEqual(keys)
  })

  test('[IM6] points come as dated lots of the brand; the report and the counters sum to the file', async () => {
    const file = fileOf(
      'viewer,points,expires,note\nu1,100,2027-05-31,from before\nu2,250,never,\nu3,0,,\nu4,30,,',
    )
    const first = await run(['--file', file])
    expect(first.code).toBe(0)
    expect(first.text).toMatch(/380 points, as the file says\.$/)
    expect(first.report().imported).toMatchObject({
      lines: 3,
      points: 380,
      accounts: 3,
      failed: [],
    })
    const issuer = await brandNumber(redis, 'demo')
    const lot = { bucket: 'spendable', issuer, live: 0 }
    expect(await lotsOf('u1')).toEqual([{ ...lot, month: 329, points: 100 }])
    expect(await lotsOf('u2')).toEqual([{ ...lot, month: 0, points: 250 }])
    expect(await lotsOf('u4')).toMatchObject([{ month: 341, points: 30 }])
    expect(stand.moved.map(({ cause, by }) => [cause, by])).toEqual(
      Array.from({ length: 3 }, () => ['imported', 'import']),
    )
    expect(await stand.imbalance()).toBe(0)
    const account = await accountOf('u1')
    const slot = stand.places.slotOf(account)
    const { ref } = must(
      stand.moved.find((entry) => entry.account === account),
      'its entry',
    )
    expect((await readNotes(redis, { slot, account }, [{ ref }])).get(ref)).toBe('from before')

    const again = await run(['--file', file])
    expect(again.report().imported).toMatchObject({
      ...{ lines: 0, points: 0, accounts: 0 },
      before: { lines: 3, points: 380 },
    })
    expect((await stand.totals()).issued).toBe(380)
  })

  test('[IM7] a run that dies anywhere is finished by the next, to the point', async () => {
    const file = fileOf(many(200))
    for (const survives of [1, 50, 120]) {
      let left = survives
      const dying = {
        issue: async (request: Parameters<typeof stand.wallets.issue>[0]) => {
          if (left-- <= 0) throw new Error('killed')
          return stand.wallets.issue(request)
        },
      }
      await expect(run(['--file', file], { wallets: dying })).rejects.toThrow('killed')
    }
    const last = await run(['--file', file])
    expect(last.code).toBe(0)
    const { imported } = last.report()
    expect((imported?.lines ?? 0) + (imported?.before.lines ?? 0)).toBe(200)
    expect((await stand.totals()).spendable).toBe(20_100)
  })

  test('[IM7] a journal that is full for a while is waited for; who cannot be paid is named', async () => {
    let busy = 5
    const wallets = {
      issue: async (request: Parameters<typeof stand.wallets.issue>[0]) => {
        if (busy-- > 0) return refuse('busy')
        if (request.lots[0]?.points === 3) return refuse('internal')
        return stand.wallets.issue(request)
      },
    }
    const clock = { ...systemClock, sleep: async () => undefined }
    const { code, text, report } = await run(['--file', fileOf(many(5))], { wallets, clock })
    expect(code).toBe(1)
    expect(text).toContain('line 4 was not imported: internal')
    expect(text).toMatch(/3 points are missing: run it again\.$/)
    expect(report().imported?.points).toBe(12)
  })

  test('[IM4] one bad line stops all, unless bad lines are to be left out', async () => {
    const file = fileOf('viewer,points\nu1,10\nu 2,20\nu3,30')
    const stopped = await run(['--file', file])
    expect(stopped).toMatchObject({
      code: 1,
      text: expect.stringContaining('line 3, viewer: "u 2"'),
    })
    expect((await stand.totals()).issued).toBe(0)
    const left = await run(['--file', file, '--skip-bad-lines'])
    expect(left.code).toBe(1)
    expect(left.text).toMatch(/40 points, as the file says\.$/)
    expect((await stand.totals()).issued).toBe(40)
  })

  test('[IM4] a file that is not UTF-8, a brand without keys, and wrong arguments are refused', async () => {
    const path = join(dir, 'gbk.csv')
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('viewer,points,note\nu1,5,'), Buffer.from([0xc4, 0xe3, 0xba])]),
    )
    expect((await run(['--file', path])).text).toContain('line 2, 3: a character that is no text')
    const file = fileOf(many(1))
    expect((await run(['--file', file, '--format', 'excel'])).code).toBe(2)
    expect((await run([])).code).toBe(2)
    const deps = {
      brands: ['acme'],
      nowMs: 0,
      progress: () => undefined,
      open: async () => expect.fail(),
    }
    expect((await importCommand(['--brand', 'demo', '--file', file], deps)).code).toBe(2)
  })
})

describe('export', () => {
  async function exported(brand = 'demo'): Promise<string[][]> {
    let text = ''
    const out = new Writable({
      write(chunk, _, done) {
        text += String(chunk)
        done()
      },
    })
    const code = await exportCommand(
      ['--brand', brand],
      {
        brands: ['demo', 'acme'],
        open: async () => ({
          ...{ registry, partitions: stand.places, brand, ladder: stand.book.ladder },
          close: async () => undefined,
        }),
      },
      { out, errors: out },
    )
    if (code !== 0) return [[text]]
    return [...readCsv(text, ',')].map(({ cells }) => cells)
  }

  test("[IM8] every account of the brand with its buckets, tier and next expiry, and nobody else's", async () => {
    await run([
      '--file',
      fileOf('viewer,points,expires\n-minus,100,2027-05\nu2,250,never\nu3,30,2027-09-30'),
    ])
    const demo = await brandNumber(redis, 'demo')
    await stand.wallets.hold({
      ...{
        account: await accountOf('u2'),
        id: 'h',
        points: 50,
        forMs: 1e6,
        at: demo,
        use: 'checkout',
      },
    })
    await stand.wallets.freeze({ account: await accountOf('u3'), id: 'f', freeze: true, by: 'x' })
    const [header, ...rows] = await exported()
    expect(header?.join()).toBe(
      'viewer,account,spendable,session,pending,held,frozen,tier,next_expiry',
    )
    const tier = must(stand.book.ladder.rungs[0], 'a rung').id
    const row = async (viewer: string, shown: string, ...rest: (string | number)[]) =>
      [shown, formatAccount(await accountOf(viewer)), ...rest].map(String)
    expect(rows.sort()).toEqual(
      [
        await row('-minus', "'-minus", 100, 0, 0, 0, 0, tier, '2027-06'),
        await row('u2', 'u2', 200, 0, 0, 50, 0, tier, ''),
        await row('u3', 'u3', 0, 0, 0, 0, 30, tier, ''),
      ].sort(),
    )
    expect(await exported('acme')).toHaveLength(1)
    expect((await exported('nobody'))[0]?.[0]).toMatch(/^export --brand B/)
  })

  test('[IM8] who was erased has a number and points, and no name', async () => {
    await run(['--file', fileOf('viewer,points\nu1,100')])
    const account = await accountOf('u1')
    await eraseAccount(registry, account)
    const [, row] = await exported()
    expect(row?.slice(0, 3)).toEqual(['', formatAccount(account), '100'])
  })

  test('[IM6 IM8] with a room points are those of the room, and of its brand in the export', async () => {
    await createRoom(redis, { id: 'kitchen', name: 'K', brand: 'demo', timeZone: 'UTC' })
    await createRoom(redis, { id: 'foreign', name: 'F', brand: 'acme', timeZone: 'UTC' })
    const file = fileOf('viewer,points\nu1,100')
    for (const room of ['none', 'foreign'])
      expect(await run(['--file', file, '--room', room])).toMatchObject({
        ...{ code: 2, text: `Brand demo has no room ${room}.` },
      })
    expect(await run(['--file', file, '--room', 'kitchen'])).toMatchObject({ code: 0 })
    const [lot] = await lotsOf('u1')
    const { local } = must(await getRoom(redis, 'kitchen'), 'a room')
    expect(local).toEqual([lot?.issuer])
    const account = await accountOf('u1')
    await eraseAccount(registry, account)
    const [, row] = await exported()
    expect(row?.slice(0, 3)).toEqual(['', formatAccount(account), '100'])
    expect(await exported('acme')).toHaveLength(1)
  })

  test('[IM8] what is exported can be imported elsewhere, to the point', async () => {
    await run(['--file', fileOf(many(50))])
    const rows = await exported()
    const text = rows
      .map((cells, i) => (i === 0 ? 'viewer,points' : `${cells[0]},${cells[2]}`))
      .join('\n')
    await redis.flushall()
    const keys = sessionKeys([{ reveal: () => 'a secret of a test, long enough to be one' }])
    registry = { ...registry, pepper: await openPepper(redis, keys) }
    expect((await run(['--file', fileOf(text, 'again.csv')])).text).toMatch(
      /1275 points, as the file says/,
    )
    expect((await stand.totals()).spendable).toBe(1275)
    const entries = await Promise.all(
      stand.places.slots.map((slot) => redis.xlen(journalKey(slot))),
    )
    expect(entries.reduce((sum, n) => sum + n, 0)).toBe(50)
  })
})
