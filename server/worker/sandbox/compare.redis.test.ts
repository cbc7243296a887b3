import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../../shared/ids.ts'
import { PRESETS } from '../../../shared/rulebook/presets.ts'
import { Rulebook, type RulebookInput } from '../../../shared/rulebook/schema.ts'
import { MINUTE_MS } from '../../../shared/time.ts'
import { loadConfig } from '../../config.ts'
import { publishRulebook, saveDraft } from '../../governance/index.ts'
import { must } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import type { TestRedis } from '../../redis/testing.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { act, createBench, START_MS } from '../../scoring/bench.testing.ts'
import { createWalletStand, held } from '../../wallet/testing.ts'
import { createKeptStand, tellStory } from '../archive/kept.testing.ts'
import { dryRunCommand } from './command.ts'
import { DryRunEnded } from './run.ts'
import { ALWAYS, createSandboxStand, PROGRAM, sourcesOf } from './sandbox.testing.ts'
import { NoScratch } from './scratch.ts'

let server: TestRedis
let redis: Store
let sandbox: ReturnType<typeof createSandboxStand>
useRedis(async (started) => {
  server = started
  redis = await started.connect()
  sandbox = createSandboxStand(redis)
})
afterAll(() => sandbox.clean())
beforeEach(async () => {
  await redis.flushall()
})

type Earn = RulebookInput['earn'][number]
const like = (more: Partial<Earn>): Earn => ({
  ...{ id: 'like', no: 1, action: 'like', growth: 1, points: 1 },
  ...more,
})
const comment = (points: number): Earn => ({ id: 'comment', no: 2, action: 'comment', points })
const label = { zh: 'x', en: 'x' }
const RULES = {
  earn: [like({ caps: { perMinute: 10 } }), comment(5)],
  heat: { weights: {}, levels: [{ from: 0, label, factors: {} }] },
  ladder: {
    id: 'two',
    rungs: [
      { id: 'low', label, growth: 0, factor: 1 },
      { id: 'high', label, growth: 20, factor: 1.5 },
    ],
  },
} satisfies Partial<RulebookInput>
const DRAFT = Rulebook.parse({
  ...PRESETS.live,
  ...RULES,
  earn: [like({ points: 2, caps: { perMinute: 5 } }), comment(4)],
})

/**
 * Account 1 likes 8, 8, 10 and 10 times in three minutes: 8 + 2 (10 a minute) + 10, which is 20 of growth, then 10 x 1.5.
 * Account 2 comments three times.
 */
async function playEvening() {
  const bench = createBench(redis, RULES)
  const likes = (seq: number, units: number, atMs: number) =>
    bench.one(START_MS + atMs, { account: 1, actions: [act(seq, 'like', { units })] })
  await likes(1, 8, 0)
  await likes(2, 8, 1000)
  await likes(3, 10, MINUTE_MS)
  for (const seq of [1, 2, 3])
    await bench.one(START_MS + seq * 20_000, {
      account: 2,
      actions: [act(seq, 'comment', { p1: seq })],
    })
  await likes(4, 10, 2 * MINUTE_MS)
  return bench
}

async function keysAndBytes(): Promise<[string, string][]> {
  const keys = (await redis.keys('*')).sort()
  return Promise.all(
    keys.map(async (key) => [key, must(await redis.dumpBuffer(key), key).toString('hex')]),
  )
}

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path} ${readFileSync(path).toString('hex')}`)

describe('a draft', () => {
  test('[DR3] says what would have been different: rules, tiers, caps, level-ups, people, cost', async () => {
    const { book } = await playEvening()
    const dataDirs = [await sandbox.archive()]
    const report = await sandbox.run({ sources: sourcesOf([book]), dataDirs, book: DRAFT })
    expect(report.proof).toMatchObject({ entries: 7, sameEntries: 7, balances: 2, sameBalances: 2 })
    expect(report.versions).toEqual([1])
    expect(report.told).toMatchObject({
      points: 8 + 2 + 10 + 15 + 3 * 5,
      byRule: [
        { rule: 'like', awards: 4, points: 35, growth: 30 },
        { rule: 'comment', awards: 3, points: 15, growth: 0 },
      ],
      byTier: [
        { rung: 0, points: 35 },
        { rung: 1, points: 15 },
      ],
      caps: [{ reason: 'minute_cap', times: 1 }],
      levelUps: [{ rung: 1, times: 1 }],
      balances: { spendable: 50, session: 0 },
    })
    // Five likes a minute at two points, and 15 of growth is no 20.
    expect(report.tried).toMatchObject({
      points: 3 * 5 * 2 + 3 * 4,
      byRule: [
        { rule: 'like', awards: 3, points: 30, growth: 15 },
        { rule: 'comment', awards: 3, points: 12, growth: 0 },
      ],
      byTier: [{ rung: 0, points: 42 }],
      caps: [{ reason: 'minute_cap', times: 4 }],
      levelUps: [],
      balances: { spendable: 42, session: 0 },
    })
    expect(report.people).toEqual({
      ...{ gain: 0, lose: 2, same: 0, most: [], short: { accounts: 0, points: 0 } },
      least: [
        { account: formatAccount(1), told: 35, tried: 30 },
        { account: formatAccount(2), told: 15, tried: 12 },
      ],
    })
  })

  test('[DR3] holds from the beginning of the period on; what was before it stands, with its caps and growth', async () => {
    const { book } = await playEvening()
    const dataDirs = [await sandbox.archive()]
    const asked = { ...ALWAYS, fromMs: START_MS + 2 * MINUTE_MS }
    const report = await sandbox.run({ asked, sources: sourcesOf([book]), dataDirs, book: DRAFT })
    expect(report).toMatchObject({ entries: 1, before: 6 })
    expect(report.told.points).toBe(15)
    // The rung that was reached before counts.
    expect(report.tried).toMatchObject({ points: 15, balances: { spendable: 50 } })
    expect(report.tried?.byRule).toEqual([{ rule: 'like', awards: 1, points: 15, growth: 5 }])
  })

  test('[DR3] holds in one room where that was asked, and for one account of several', async () => {
    const bench = await playEvening()
    bench.room.live = 8
    await bench.one(START_MS + 3 * MINUTE_MS, {
      account: 2,
      actions: [act(9, 'like', { units: 4 })],
    })
    const dataDirs = [await sandbox.archive()]
    const setting = { profile: '', timeZone: 'Asia/Shanghai' }
    const rooms = new Map([
      [7, { room: 'kitchen', ...setting }],
      [8, { room: 'garden', ...setting }],
    ])
    const sources = sourcesOf([bench.book], rooms)
    const inGarden = await sandbox.run({
      ...{ sources, dataDirs, book: DRAFT, asked: { ...ALWAYS, room: 'garden' } },
    })
    expect(inGarden).toMatchObject({ entries: 1, before: 7 })
    expect([inGarden.told.points, inGarden.tried?.points]).toEqual([4, 8])
    expect(inGarden.tried?.balances.spendable).toBe(inGarden.told.balances.spendable + 4)

    const one = await sandbox.run({
      sources,
      dataDirs,
      book: DRAFT,
      asked: { ...ALWAYS, oneOf: 2 },
    })
    expect(one.proof.sameBalances).toBe(one.proof.balances)
  })

  test('[DR4] leaves spending as it was, and says what would not have been there', async () => {
    const { book } = await playEvening()
    const { wallets, clock } = createWalletStand(redis)
    clock.nowMs = START_MS + 3 * MINUTE_MS
    held(await wallets.take({ account: 1, id: 'gone', points: 33 }))
    const dataDirs = [await sandbox.archive()]
    const { people, tried, told, proof } = await sandbox.run({
      ...{ sources: sourcesOf([book]), dataDirs, book: DRAFT },
    })
    expect(proof.differences).toEqual([])
    expect(people?.short).toEqual({ accounts: 1, points: 3 })
    expect([told.balances.spendable, tried?.balances.spendable]).toEqual([50 - 33, 12])
  })

  test('[DR2] changes no key of the live Redis and no byte of the archive', async () => {
    const { book } = await playEvening()
    const dir = await sandbox.archive()
    const before = { keys: await keysAndBytes(), files: filesOf(dir) }
    await sandbox.run({ sources: sourcesOf([book]), dataDirs: [dir], book: DRAFT })
    expect({ keys: await keysAndBytes(), files: filesOf(dir) }).toEqual(before)
  })
})

describe('the rules in force', () => {
  test('[DR1] make the ledger again around orders, refunds, invites, freezing, day passes and growth taken back', async () => {
    const stand = await createKeptStand(redis, 1)
    await tellStory(stand)
    const dir = await sandbox.archive()
    const of = {
      sources: sourcesOf([{ ...stand.book, ...stand.rulebook().book }]),
      dataDirs: [dir],
    }
    const { proof, salesFen } = await sandbox.run(of)
    expect(proof.differences).toEqual([])
    expect([proof.sameEntries, proof.sameBalances]).toEqual([proof.entries, proof.balances])
    expect(salesFen).toBe(12 * 10_000)
  })

  test('[DR1] another rule than the one in force is found out', async () => {
    await playEvening()
    const dataDirs = [await sandbox.archive()]
    const { proof } = await sandbox.run({ sources: sourcesOf([DRAFT]), dataDirs })
    expect(proof.sameEntries).toBeLessThan(proof.entries)
    expect(proof.sameBalances).toBe(0)
    expect(proof.differences[0]).toMatch(
      /^element \d+-\d+, account 0+1: receipt 1: reason was "earned"/,
    )
  })
})

describe('a run that does not come to its end', () => {
  test('[DR5] ends when it is cancelled, where there is no redis-server, and where a version is gone', async () => {
    const { book } = await playEvening()
    const of = { sources: sourcesOf([book]), dataDirs: [await sandbox.archive()] }
    await expect(sandbox.run({ ...of, signal: AbortSignal.abort() })).rejects.toThrow(DryRunEnded)
    await expect(sandbox.run({ ...of, program: 'no-such-server' })).rejects.toThrow(NoScratch)
    await expect(sandbox.run({ ...of, sources: sourcesOf([]) })).rejects.toThrow(/no longer kept/)
  })
})

describe('the command', () => {
  const config = (dir: string) =>
    loadConfig({
      REDIS_URL: server.url,
      FANFARE_DEMO: '1',
      FANFARE_PARTITIONS: '1',
      FANFARE_DATA_DIR: dir,
      FANFARE_REDIS_SERVER: PROGRAM,
    })
  const run = (argv: string[], dir: string) =>
    dryRunCommand(argv, config(dir), { out: new PassThrough(), errors: new PassThrough() })

  test('[DR1 DR3] plays a folder by the draft, a version or a file, and says what differs', async () => {
    const { book } = await playEvening()
    await publishRulebook(redis, { book, by: 'test' })
    const dir = await sandbox.archive()
    const proof = await run([], dir)
    expect(proof).toMatchObject({ code: 0 })
    expect(proof.text).toMatch(/^The ledger was made again: 7 of 7 entries and 2 of 2 balances are/)

    expect(await run(['--draft'], dir)).toEqual({ text: 'There is no draft.', code: 1 })
    await saveDraft(redis, { revision: 0, by: 'anna', basis: 1, book: DRAFT })
    const draft = await run(['--draft'], dir)
    expect(draft.code).toBe(0)
    expect(draft.text).toMatch(/^points +50 +42 +-8$/m)
    expect(draft.text).toMatch(/^cost +¥0.50 +¥0.42 +¥-0.08$/m)
    expect(draft.text).toMatch(/^ {2}minute_cap +1 +4 +\+3$/m)
    expect(draft.text).toMatch(/^accounts: 0 gain, 2 lose, 0 stay the same$/m)
    // The version in force, tried: nothing differs.
    expect((await run(['--version', '1'], dir)).text).toMatch(/^points +50 +50 +0$/m)
    expect(await run(['--version', '9'], dir)).toMatchObject({ code: 1 })
    expect(await run(['--room', 'no/room'], dir)).toMatchObject({ code: 2 })
  })
})
